"""Which parts of the passages answer a question?  ->  Choice

Not for: what is shown of them (that is ``rag.showing``).
"""
