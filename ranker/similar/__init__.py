"""Which results say what another one says already?  ->  shown under it, and counted once."""
