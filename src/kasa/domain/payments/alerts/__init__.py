"""A bank's own messages: read by grammars, joined to the receipts they speak of."""
