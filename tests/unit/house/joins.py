"""Which contexts each workflow joins: a new step across contexts is one row here."""

JOINS: dict[str, set[str]] = {
    "settling.act_on": {"payments", "invoicing", "inventory"},
    "settling.settle": {"payments", "invoicing", "inventory"},
    "settling.reverse": {"payments", "invoicing", "inventory"},
    "settling.refund": {"payments", "invoicing", "inventory"},
    "issuing.issue": {"invoicing", "inventory", "payments", "files"},
    "voiding.void": {"invoicing", "inventory"},
    "invoice_stock.reserve_for": {"invoicing", "inventory"},
    "invoice_stock.consume_for": {"invoicing", "inventory"},
    "invoice_stock.release_for": {"invoicing", "inventory"},
    "invoice_stock.return_for": {"invoicing", "inventory"},
    "invoice_stock.deliver_for": {"invoicing", "inventory"},
    "invoice_stock.unpay_for": {"invoicing", "inventory"},
    "expecting.known_invoice": {"invoicing"},
    "expecting.invoice_of": {"payments", "invoicing"},
    "expecting.expected_payments": {"payments", "invoicing"},
    "pricing.lines_from_catalogue": {"invoicing", "inventory"},
    "documenting.document_of": {"invoicing", "payments", "files"},
    "opening.open_shop": {"tenancy"},
    "filing.file_picture": {"files"},
}
