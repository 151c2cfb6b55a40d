"""The schema, revision by revision, as plain SQL; forward only."""
