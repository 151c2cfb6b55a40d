"""What people do with invoices, credit notes and customers."""
