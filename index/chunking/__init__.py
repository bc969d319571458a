"""Article -> chunks: blocks, sentences, and windows of whole sentences."""
