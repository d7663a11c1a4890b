"""Which blocks inside the content are no part of it? Not for navigation and banners, which rules know by name."""
