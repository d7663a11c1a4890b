"""What is remembered of each run, and who holds a site? The Ledger seam and its implementations."""
