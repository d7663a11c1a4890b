"""What is set, where, and is it right? The only room that reads the environment."""
