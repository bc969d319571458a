"""A typed client of the service, for threads (`Client`) and for asyncio (`AsyncClient`).

from api.client import Client, write_citations

with Client("http://127.0.0.1:8000") as client:
    reply = client.ask("How much is Meta spending?", filters={"tags": ["meta"]})
    print(reply.answer, reply.citations[0].quote)
    print(write_citations(reply, "bibtex"))
"""

from api import __version__
from api.citation_formats import write_citations
from api.client.clients import AsyncClient, Client
from api.client.errors import (
    ConflictProblemError,
    GoneProblemError,
    NotFoundProblemError,
    ProblemError,
    ServiceError,
)
from api.client.protocol import Marks, Service
from api.client.replies import Original
from api.client.tables import AsyncTable, Table

__all__ = [
    "AsyncClient",
    "AsyncTable",
    "Client",
    "ConflictProblemError",
    "GoneProblemError",
    "Marks",
    "NotFoundProblemError",
    "Original",
    "ProblemError",
    "Service",
    "ServiceError",
    "Table",
    "__version__",
    "write_citations",
]
