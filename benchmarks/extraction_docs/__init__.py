"""Pages of documentation sites with what a careful reader would copy from them, and how much of it we find."""
