"""recollect train: models of one's own."""
