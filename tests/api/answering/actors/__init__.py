"""Tests of the actors that questions ask about."""
