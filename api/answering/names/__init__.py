"""Names of a question, looked up in the whole corpus, corrected, and expanded by aliases."""
