"""Catalogue and stock over HTTP."""
