"""What a generation is made of: vectors, words, articles and chunks."""
