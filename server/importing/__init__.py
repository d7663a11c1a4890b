"""How do files become documents?"""
