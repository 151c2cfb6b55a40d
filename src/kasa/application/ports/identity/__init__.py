"""Where people are kept, and what proves who they are."""
