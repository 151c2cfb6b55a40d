"""A shop as a whole over HTTP."""
