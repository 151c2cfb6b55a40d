"""Links to invoices, and the page that they show to a customer."""
