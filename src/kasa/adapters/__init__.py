"""One package per technology; nothing here decides."""
