"""Articles to chunks: blocks, sentences, and windows of whole sentences."""
