"""What becomes of one URL between its lease and its record?"""
