"""Kasa's own work over HTTP: what happened, what failed."""
