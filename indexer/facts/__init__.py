"""Which facts do pages state so plainly that rules can read them?  ->  PageFact. Not for judging their truth."""
