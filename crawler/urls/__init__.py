"""Which addresses are one, which belong to a crawl, and which may be asked for?"""
