"""What was asked, what came of it, and what did people make of it? Kept for those who run the site; not for metrics."""
