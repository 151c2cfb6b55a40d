"""QR codes: drawn with segno, read with zxing-cpp."""
