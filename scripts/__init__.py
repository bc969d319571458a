"""Commands: `python -m scripts.NAME --help`. Thin; the work is done in `index` and `api`."""

import os
import sys

# Bars are for people who watch: those of the commands, and those of the libraries below, which
# show some of their own while they load models. Both read this when they are imported.
if not sys.stderr.isatty():
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
