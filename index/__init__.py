"""From a folder of articles to ranked passages: chunking, embedding, indexing and retrieval."""
