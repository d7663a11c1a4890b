"""How long does a search take in an index of many passages, and what does it cost?"""
