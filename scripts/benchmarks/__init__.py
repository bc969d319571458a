"""The benchmarks of `python -m scripts.benchmark`, a file each."""
