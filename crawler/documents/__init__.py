"""What does a file say that is not a web page?"""
