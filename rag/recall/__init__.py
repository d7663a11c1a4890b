"""Which memory knows the answer, and what does it say?  ->  Recollection. Not for passages, which the ranker finds."""
