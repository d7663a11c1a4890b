"""Numbers as pictures: SVG whose colours and fonts are those of the page."""
