"""What `python -m scripts.benchmark` measures, one file per subject."""
