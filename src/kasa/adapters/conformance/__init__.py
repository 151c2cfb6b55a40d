"""Suites that every adapter of a port must pass, and the Hypothesis vocabulary they draw from."""
