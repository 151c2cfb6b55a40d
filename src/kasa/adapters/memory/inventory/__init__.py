"""Catalogue, stock and stocktakes in memory."""
