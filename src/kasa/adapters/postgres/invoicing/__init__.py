"""Invoices, customers, numbers, credit and rates in PostgreSQL."""
