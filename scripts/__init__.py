"""Commands: `python -m scripts.NAME --help`. Thin; the work is done in `index` and `api`."""
