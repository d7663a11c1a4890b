"""What do clients of other search services ask, and how are they answered in their own shape?"""
