"""What does a page say once its scripts have run?"""
