"""What the API and ``--json`` show of things: one form for both."""
