"""A whole kasa in dictionaries, with the same meaning as the database."""
