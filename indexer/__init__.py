"""How does a page become findable passages?  ->  Document, Passage, Store

Not for: deciding which passage answers a query (that is ``ranker``).
"""
