"""Shared by the commands: options, output, prompt, and the service that they ask."""
