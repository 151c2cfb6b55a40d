"""Opening a shop and changing its profile."""
