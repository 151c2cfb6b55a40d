"""The list of a shop's files in PostgreSQL; their bytes lie in the file storage."""
