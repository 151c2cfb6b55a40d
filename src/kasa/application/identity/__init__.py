"""What kasa can do for people: let them in, and nobody else."""
