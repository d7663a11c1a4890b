"""One file for each command of ``recollect``: NAME, EXAMPLES, and run with its options."""
