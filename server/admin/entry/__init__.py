"""Who may come into the admin area, and who has changed what there?"""
