"""Chunks -> vectors: encoders, and the cache of their vectors."""
