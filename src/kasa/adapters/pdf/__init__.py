"""PDF: invoices drawn with reportlab, hostile files read with pikepdf."""
