"""Ranking: passages -> candidates, each with the probability that it is right.

`ranker` is the page to read first.
"""
