"""Backups of the database and its files: taken, kept, copied, proven by drills, restored."""
