"""Trains the query side of an encoder by what the reader prefers; the vectors of passages stay."""
