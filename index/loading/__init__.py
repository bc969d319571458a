"""Loading: a corpus folder to articles, original files, and the gold question format."""
