"""The stores of a generation: articles and chunks, vectors, words."""
