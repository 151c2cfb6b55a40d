"""Entry points: they translate and nothing else."""
