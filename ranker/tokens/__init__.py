"""A query with a passage as rows of tokens, and what the two logits of each token say."""
