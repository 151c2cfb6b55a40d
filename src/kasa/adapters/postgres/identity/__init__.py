"""People and their proofs in PostgreSQL."""
