"""Counters of the use of a plan in PostgreSQL."""
