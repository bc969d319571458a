"""Training of the extractive reader: data, near-misses, plan, loss, trainer."""
