"""What does a page state in data for machines (JSON-LD, microdata)?  ->  Stated. Not for what its text says."""
