"""Claims: what one sentence of one article says, and how it bears on other claims."""
