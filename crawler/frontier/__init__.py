"""Which URLs does a crawl know, what became of each, and whose turn is it?"""
