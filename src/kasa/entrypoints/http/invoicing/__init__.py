"""Customers, invoices and credit notes over HTTP."""
