"""Translation between the wire schema and the records of index and answering."""
