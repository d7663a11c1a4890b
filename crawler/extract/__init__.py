"""What does a page say, apart from everything around it?"""
