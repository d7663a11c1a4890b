"""What was said before in this conversation, and what does a follow-up ask?"""
