"""Does a claim say what its evidence says?  ->  Mismatch

Pure functions over text. Not for: finding the evidence (``rag.verifying``) or weighing how near two texts are.
"""
