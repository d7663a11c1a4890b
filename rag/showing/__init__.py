"""How is what was chosen shown, whole and in its context?  ->  AnswerBlock

Not for: choosing it (that is ``rag.choosing``), printing it (that is ``server``).
"""
