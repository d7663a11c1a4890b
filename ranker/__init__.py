"""Which passages answer this query, best first?  ->  Hit

Not for: writing an answer (that is ``rag``).
"""
