"""The articles themselves: originals for readers, and changes that come over HTTP."""
