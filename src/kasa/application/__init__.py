"""What kasa can do, and what it needs from the world."""
