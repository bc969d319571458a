"""Indexes of any size, made of real vectors and words; their cost and its plot."""
