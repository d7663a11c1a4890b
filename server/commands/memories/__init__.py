"""What is done with memories other than pages?"""
