"""What is the answer, and where does it stand?  ->  Answer, Citation

Not for: finding passages (that is ``ranker``).
"""
