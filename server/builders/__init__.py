"""How do builders of documentation show our search box in place of theirs, and push their pages? (MkDocs, Sphinx)"""
