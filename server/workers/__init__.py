"""How do several processes serve one index, and one generation of them after another?"""
