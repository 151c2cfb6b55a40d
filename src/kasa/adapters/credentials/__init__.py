"""Secrets: files sealed with the key of the installation."""
