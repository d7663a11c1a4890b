"""How do people, sites and programs reach it?  ->  HTTP API, command line, search page

Not for: any search logic; this package names implementations and joins them (``assemble``).
"""
