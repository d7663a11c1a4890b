"""How sure is it that a passage says what a sentence says?  ->  Verdict

Not for: the facts themselves (``rag.checks``) or writing (``rag.generators``).
"""
