"""How do a list by words and a list by meaning become one?"""
