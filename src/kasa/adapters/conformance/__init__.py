"""Suites any adapter must pass, shipped in the wheel."""
