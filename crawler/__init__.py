"""What pages exist, and what do they say?  ->  Page

Not for: splitting, encoding or storing text (that is ``indexer``).
"""
