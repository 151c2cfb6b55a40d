"""For each parameter of a path, something that another shop has: a new parameter needs a line."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from tests.integration.http.shop import Shop

Make = Callable[[Shop], str]


def _made(shop: Shop, path: str, body: Any) -> str:
    """Make something as the owner, once under the same body, and return its identifier."""
    answer = shop.as_("owner").post(path, json=body, key="foreign")
    assert answer.status < 300, (path, answer)
    found: str = answer.json()["id"]
    return found


def customer(shop: Shop) -> str:
    """Make a customer."""
    return _made(shop, "/api/v1/customers", {"name": "Dara"})


def invoice(shop: Shop) -> str:
    """Make the draft of an invoice."""
    line = {"text": "Scarf", "quantity": "1", "price": "4000"}
    body = {"lines": [line], "currency": "KHR", "customer_id": customer(shop)}
    return _made(shop, "/api/v1/invoices", body)


def credit_note(shop: Shop) -> str:
    """Make a credit note for an invoice of its own."""
    owner = shop.as_("owner")
    line = {"text": "Scarf", "quantity": "1", "price": "4000"}
    body = {"lines": [line], "currency": "KHR", "customer_id": customer(shop)}
    path = f"/api/v1/invoices/{owner.post('/api/v1/invoices', json=body).json()['id']}"
    issued = owner.post(f"{path}/issue", json={})
    assert 200 == issued.status, issued
    return _made(shop, f"{path}/credit-notes", {"reason": "cancellation"})


FOREIGN: Mapping[str, Make] = {
    "customer_id": cache(customer),
    "invoice_id": cache(invoice),
    "credit_note_id": cache(credit_note),
}
"""By the name of the parameter: makes one in a shop, once, and returns its identifier."""

TEXTS = frozenset({"code", "name", "token"})
"""Parameters that are no identifiers of a shop's things."""
