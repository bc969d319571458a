"""Asking gold questions, measuring the replies, comparing two evaluations, and calibrating."""
