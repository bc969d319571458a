"""Middleware of every request; `api.main` sets the order."""
