"""Servers and the clients that ask them: honest, mixed and hostile; what they got."""
