"""Invoices, credit notes, customers: what is owed, exactly, and what each document said."""
