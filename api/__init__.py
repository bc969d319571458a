"""From ranked passages to answers with citations, and both over HTTP."""

from typing import Final

# Of the whole application: the distribution, /openapi.json, GET /v1/index and every --version.
__version__: Final = "0.2.0"
