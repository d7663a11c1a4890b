"""How deep are candidates read, and how much does the reading count?"""
