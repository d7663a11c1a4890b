"""The implementations of the Scorer seam."""
