"""Payments, references, accounts and codes in PostgreSQL."""
