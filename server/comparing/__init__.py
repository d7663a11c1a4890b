"""Which memory answers best?  The same facts in each of them, and the same questions."""
