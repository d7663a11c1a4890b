"""Trains the reader-ranker: pairs in, a model folder out. Needs the torch extra."""
