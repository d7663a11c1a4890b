"""One module for each page of the admin area: what it shows, and what its forms change."""
