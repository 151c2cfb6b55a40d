"""A shop and its profile."""
