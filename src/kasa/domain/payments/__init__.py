"""Payments: has this invoice been paid to us, and how sure are we."""
