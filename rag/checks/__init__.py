"""Does a claim say what its evidence says?  ->  Mismatch

Pure functions over text. Not for: finding the evidence (``rag.verify``) or weighing how near two texts are.
"""
