"""Child processes in which native libraries may crash without harm."""
