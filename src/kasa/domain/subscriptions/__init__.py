"""What a shop may use, how much of it, and how it is counted."""
