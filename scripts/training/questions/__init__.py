"""Questions to train on, and the pairs of question and passage that are made of them."""
