"""Suites for the stores and views of invoicing."""
