"""Text recognition by Tesseract, in child processes."""
