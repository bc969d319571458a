"""From a corpus folder to a new generation, and the atomic switch to it."""
