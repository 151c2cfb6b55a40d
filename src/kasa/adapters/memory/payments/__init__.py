"""Payments, references, accounts and codes in memory."""
