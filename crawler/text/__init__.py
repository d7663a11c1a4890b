"""From bytes to text: in which encoding are they, and in which language is it?"""
