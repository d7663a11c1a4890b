"""The implementations of the Generator seam."""
