"""Build one index after another: `python -m tests.api.service.build_editions FOLDER`.

Each line on standard input is a list of articles; for each the version of the index is printed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.api.real_server import build_fakes

if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(build_fakes(Path(sys.argv[1]), json.loads(line)) + "\n")
        sys.stdout.flush()
