"""Fills a database for trials: a shop's life is rehearsed once, and its rows are multiplied."""
