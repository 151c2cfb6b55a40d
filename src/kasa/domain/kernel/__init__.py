"""What every context shares: money, identifiers, moments, text, errors, events."""
