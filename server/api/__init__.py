"""How do programs reach it?  ->  the HTTP API"""
