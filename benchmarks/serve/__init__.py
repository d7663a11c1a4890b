"""How many questions a second does a server answer, and how soon?"""
