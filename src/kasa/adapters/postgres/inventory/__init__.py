"""Catalogue, stock and stocktakes in PostgreSQL."""
