"""Run a real server with fake models: `python -m tests.api.serve_fakes`.

Apart from the application, so that only the workers import it.
"""

from __future__ import annotations

from api.__main__ import serve
from api.settings import read_settings

if __name__ == "__main__":
    serve(read_settings(), "tests.api.fake_app:create_app", silent_seconds=10)
