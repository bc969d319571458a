"""A typed client of the service, for threads (`clients.Client`) and for asyncio."""
