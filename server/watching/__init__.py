"""How does the server fare?  ->  request ids and counts for those who run it"""
