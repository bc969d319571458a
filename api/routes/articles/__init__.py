"""The endpoints of articles: listing, sending, changing, and the original files."""
