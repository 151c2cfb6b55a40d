"""`kasa worker`: a parent that watches, and one child that runs jobs."""
