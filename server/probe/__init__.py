"""What would a crawl make of this URL? Nothing is kept."""
