"""How good is a ranking, and which settings suit an index?"""
