"""A fleet: an index in shards, each an ordinary set of stores, asked together."""
