"""What a shop has, what is promised, what has left, and why."""
