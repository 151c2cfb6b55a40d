"""The central bank's service for checking transfers."""
