"""The search page: one template, one style sheet, one script; works without the script too."""
