"""Commands: `python -m scripts.NAME --help`. Thin; the work is done in `index` and `api`."""

import os
import sys

# Bars are for people who watch. Read when the library is imported, so before anything else here.
if not sys.stderr.isatty():
    os.environ.setdefault("TQDM_DISABLE", "1")
