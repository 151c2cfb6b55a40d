"""The shop and its profile in PostgreSQL."""
