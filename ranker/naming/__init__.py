"""Which page is called as the query is?  ->  the hits, that page first. Not for what a page says about it."""
