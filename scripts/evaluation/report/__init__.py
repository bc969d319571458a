"""The HTML report of an evaluation: one page, without network and scripts."""
