"""An evaluation as one page to look at, that needs neither a network nor scripts."""
