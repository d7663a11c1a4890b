"""Which entry of a key-value store is asked for: the very key or question, or one that says the same?"""
