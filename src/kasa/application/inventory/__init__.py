"""Catalogue, goods in and out, reservations and stocktakes."""
