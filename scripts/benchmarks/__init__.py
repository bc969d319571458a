"""What `python -m scripts.benchmark` measures, a file a subject."""
