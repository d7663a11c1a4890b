"""Which sites are due, and who crawls them?"""
