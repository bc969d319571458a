"""Several statements of one thing: which of them answers, how they agree, and their timeline."""
