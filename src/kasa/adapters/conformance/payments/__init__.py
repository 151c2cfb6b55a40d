"""Suites of payments: what any store of them must do."""
