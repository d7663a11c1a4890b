"""What is asked of a store's words: the values and pure functions that both stores share."""
