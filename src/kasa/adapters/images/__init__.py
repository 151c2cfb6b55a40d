"""Pictures with Pillow: made clean in a child process, drawn as labelled samples."""
