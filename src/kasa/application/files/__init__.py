"""Storing, fetching and removing files."""
