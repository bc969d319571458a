"""Run a real server with fake models: `python -m tests.api.serve_fakes [FACTORY]`.

Apart from the application, so that only the workers import it. A worker may be silent for longer
than any test waits: one that has ended must be missed at once, whatever it was asked.
"""

from __future__ import annotations

import sys

from api.__main__ import leave, serve
from api.settings import read_settings

if __name__ == "__main__":
    factory = sys.argv[1] if len(sys.argv) > 1 else "create_app"
    serve(read_settings(), f"tests.api.fake_app:{factory}", silent_seconds=3600)
    leave(0)
