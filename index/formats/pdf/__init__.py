"""PDF: characters with their places on a page, to lines, columns and paragraphs."""
