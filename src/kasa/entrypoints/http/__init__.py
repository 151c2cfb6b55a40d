"""The HTTP door: routes are data, one dispatcher serves them all."""
