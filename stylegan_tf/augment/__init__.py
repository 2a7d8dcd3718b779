"""What D sees of images where there are few (arXiv 2006.06676)."""
