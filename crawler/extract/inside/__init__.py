"""What stands inside sentences and code: formulas, labels, notes, numbers of lines? Each is read once and apart.

Not for what a page puts around its content, which ``prune.py`` and ``stray/`` tell.
"""
