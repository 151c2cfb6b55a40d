"""People and their proofs, in dictionaries."""
