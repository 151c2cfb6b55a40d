"""The machine kasa runs on: its clock and its randomness."""
