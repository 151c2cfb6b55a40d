"""What is known of each bank's receipts, as data."""
