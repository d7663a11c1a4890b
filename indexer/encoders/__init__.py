"""The implementations of the Encoder seam."""
