"""The part of an evaluation that a running service leaves to a process of its own.

`api.service.evaluating.evaluations` starts it, and answers what it asks.
"""
