"""Series: statements of one thing over time, which of them answers, and how sure it is."""
