"""How do documents reach the workers that index them?"""
