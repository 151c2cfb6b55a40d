"""For each parameter of a path, something that another shop has: a new parameter needs a line."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from tests.integration.http.shop import Shop
from tests.unit.payments.alerting import aba_text

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


def issued(shop: Shop) -> str:
    """Make an issued invoice."""
    owner, line = shop.as_("owner"), {"text": "Scarf", "quantity": "1", "price": "4000"}
    body = {"lines": [line], "currency": "KHR", "customer_id": customer(shop)}
    id_: str = owner.post("/api/v1/invoices", json=body).json()["id"]
    assert 200 == owner.post(f"/api/v1/invoices/{id_}/issue", json={}).status
    return id_


def link(shop: Shop) -> str:
    """Make a link to an invoice."""
    return _made(shop, f"/api/v1/invoices/{issued(shop)}/share-links", {})


def account(shop: Shop) -> str:
    """Make a receiving account."""
    new = {"bank": "ABA", "number": "000999888", "names": ["SOKHA SHOP"]}
    return _made(shop, "/api/v1/accounts", new)


def payment(shop: Shop) -> str:
    """Record cash."""
    cash = {"amount": {"amount": "1000", "currency": "KHR"}}
    return _made(shop, f"/api/v1/invoices/{issued(shop)}/payments", cash)


def evidence(shop: Shop) -> str:
    """Send a picture of a receipt."""
    sent = {"file": ("receipt.png", b"a receipt", "image/png")}
    answer = shop.as_("owner").post("/api/v1/evidence", files=sent, key="foreign")
    found: str = answer.json()["evidence"][0]["id"]
    return found


def file(shop: Shop) -> str:
    """Keep a picture."""
    sent = {"file": ("photo.png", b"pixels", "image/png")}
    found: str = shop.as_("owner").post("/api/v1/files", files=sent, key="foreign").json()["id"]
    return found


def alert(shop: Shop) -> str:
    """Take a bank's message from a program."""
    body = {"bot": "PayWayByABA_bot", "chat": -100, "message": 7, "text": aba_text()}
    answer = shop.as_key("alerts:write").post("/api/v1/ingest/bank-alerts", json=body)
    found: str = answer.json()["alert"]["id"]
    return found


def product(shop: Shop) -> str:
    """Make a product of which ten are there."""
    body = {"name": "Scarf", "code": "FOREIGN", "price": "4000", "on_hand": "10"}
    return _made(shop, "/api/v1/products", body)


def movement(shop: Shop) -> str:
    """Make a movement: goods that come in."""
    owner = shop.as_("owner")
    body = {"lines": [{"product_id": product(shop), "quantity": "1"}]}
    moved = owner.post("/api/v1/stock/receipts", json=body, key="foreign")
    found: str = moved.json()["movements"][0]["id"]
    return found


def count(shop: Shop) -> str:
    """Make a stocktake."""
    return _made(shop, "/api/v1/stock/counts", {})


def reservation(shop: Shop) -> str:
    """Make a reservation, kept for a day."""
    owner = shop.as_("owner")
    goods = owner.get(f"/api/v1/products/{product(shop)}").json()
    until = datetime.fromisoformat(goods["updated_at"]) + timedelta(days=1)
    body = {"product_id": goods["id"], "quantity": "1", "until": until.isoformat()}
    return _made(shop, "/api/v1/reservations", body)


def job(shop: Shop) -> str:
    """Return an event of the shop, which is what a failed job is named by."""
    invoice(shop)
    found: str = shop.as_("owner").get("/api/v1/audit?limit=1").json()["items"][0]["id"]
    return found


def api_key(shop: Shop) -> str:
    """Make an API key."""
    return _made(shop, "/api/v1/api-keys", {"name": "till", "scopes": ["read"]})


def service_client(shop: Shop) -> str:
    """Make a service client."""
    return _made(shop, "/api/v1/service-clients", {"name": "robot", "scopes": ["read"]})


def somebodys(shop: Shop) -> str:
    """Return an identifier that is nobody's: those of people are walked with real sign-ins."""
    return str(shop.tenant)


FOREIGN: Mapping[str, Make] = {
    "customer_id": cache(customer),
    "key_id": cache(api_key),
    "client_id": cache(service_client),
    "member_id": somebodys,
    "invitation_id": somebodys,
    "session_id": somebodys,
    "identity_id": somebodys,
    "invoice_id": cache(invoice),
    "credit_note_id": cache(credit_note),
    "account_id": cache(account),
    "alert_id": cache(alert),
    "product_id": cache(product),
    "movement_id": cache(movement),
    "count_id": cache(count),
    "reservation_id": cache(reservation),
    "job_id": cache(job),
    "evidence_id": cache(evidence),
    "file_id": cache(file),
    "link_id": cache(link),
    "payment_id": cache(payment),
}
"""By the name of the parameter: makes one in a shop, once, and returns its identifier."""

TEXTS = frozenset({"code", "name", "token", "session_id", "identity_id"})
"""Parameters that are no identifiers of a shop's things: texts, and things of a person."""
