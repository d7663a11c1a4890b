"""The search box for pages of other sites: a web component, its files as they are, and what to paste."""
