"""Settings tried over one gold set: what each is worth, and what it costs."""
