"""A second opinion on pictures by RapidOCR, in a child process of its own."""
