"""Where do examples to train on come from?"""
