"""A corpus folder to articles, the original files, and gold questions."""
