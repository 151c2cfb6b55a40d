"""What every store of people must do."""
