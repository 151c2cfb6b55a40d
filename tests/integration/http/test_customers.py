"""Customers over HTTP, and their credit."""

from uuid import UUID

import pytest

from kasa.application.payments.deciding import Cash
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import KHR, Money
from tests.integration.http.selling import NOBODY, Seller, told
from tests.integration.http.shop import Shop, Street

pytestmark = pytest.mark.integration


def test_a_customer_is_added_and_shown_the_same(web: Shop) -> None:
    """What was sent comes back, the phone as a number of the country, and again when read."""
    owner = Seller.of(web)
    made = owner.customer(phone="012 345 678", external_ref="crm-1", metadata={"till": "2"})
    assert ("+85512345678", "crm-1", {"till": "2"}) == (
        made["phone"],
        made["external_ref"],
        made["metadata"],
    )
    assert made == owner.get(f"/customers/{made['id']}").json()


def test_a_customer_who_is_not_there_is_not_found(web: Shop) -> None:
    """A missing and a malformed identifier answer the same."""
    owner = Seller.of(web)
    for wanted in (NOBODY, "x", "0" * 36):
        assert (404, "not_found") == told(owner.get(f"/customers/{wanted}"))


def test_a_change_merges_and_needs_the_version(web: Shop) -> None:
    """What is left out stays; an old version is refused and told the present one."""
    owner = Seller.of(web)
    made = owner.customer(email="dara@shop.example")
    path = f"/customers/{made['id']}"
    changed = owner.patch(path, {"version": 1, "address": "St. 63"}).json()
    assert ("St. 63", "dara@shop.example", 2) == (
        changed["address"],
        changed["email"],
        changed["version"],
    )
    stale = owner.patch(path, {"version": 1, "address": "St. 64"})
    assert (409, "version.stale") == told(stale)
    assert 2 == stale.json()["current_version"]
    assert 400 == owner.patch(path, {"address": "St. 64"}).status


def test_a_reference_belongs_to_one_customer(web: Shop) -> None:
    """The second one is refused and told the holder; the list finds the first by it."""
    owner = Seller.of(web)
    made = owner.customer(external_ref="crm-1")
    refused = owner.post("/customers", {"name": "Bopha", "external_ref": "crm-1"})
    assert (409, "external_ref.taken") == told(refused)
    assert made["id"] == refused.json()["holder"]
    owner.customer("Bopha")
    found = owner.get("/customers?external_ref=crm-1").json()["items"]
    assert [made["id"]] == [row["id"] for row in found]


def test_what_changed_since_is_listed(web: Shop) -> None:
    """A list from a moment on leaves older ones out; a moment without its zone is refused."""
    owner = Seller.of(web)
    owner.customer()
    later = owner.get("/customers?updated_from=2999-01-01T00:00:00Z")
    assert [] == later.json()["items"]
    past = owner.get("/customers?updated_from=2020-01-01T00:00:00Z").json()["items"]
    assert 1 == len(past)
    for wrong in ("2020-01-01T00:00:00", "yesterday"):
        assert 400 == owner.get(f"/customers?updated_from={wrong}").status


def test_archiving_and_restoring(web: Shop) -> None:
    """An archived customer leaves the list, takes no invoice, and comes back."""
    owner = Seller.of(web)
    made = owner.customer()
    path = f"/customers/{made['id']}"
    assert owner.made(f"{path}/archive", {"version": 1})["archived_at"]
    assert [] == owner.get("/customers").json()["items"]
    assert 1 == len(owner.get("/customers?archived=true").json()["items"])
    refused = owner.post("/invoices", {"customer_id": made["id"]})
    assert (409, "customer.archived") == told(refused)
    assert (409, "version.stale") == told(owner.post(f"{path}/restore", {"version": 1}))
    assert owner.made(f"{path}/restore", {"version": 2})["archived_at"] is None


def test_credit_is_shown_used_and_paid_out(street: Street) -> None:
    """What a credit note gives above the due settles another invoice, goes back, is paid out."""
    shop = street.shop()
    owner, kasa = Seller.of(shop), street.opened.kasa
    owner.patch("/tenant", {"version": 1, "auto_apply_credit": False})
    buyer = owner.customer()["id"]
    path = f"/customers/{buyer}/credit"
    assert [] == owner.get(path).json()["items"]
    first, second = (owner.issued(customer_id=buyer)["id"] for _ in range(2))
    paid = Cash(invoice=InvoiceId(UUID(first)), amount=Money(40_000, KHR))
    kasa.payments.record(Actor.system(shop.tenant), paid)
    owner.made(f"/invoices/{first}/credit-notes", {"reason": "goodwill"})
    (held,) = owner.get(path).json()["items"]
    assert {"amount": "40000", "currency": "KHR"} == held["usable"]
    assert "paid" == owner.made(f"{path}/apply", {"invoice_id": second})["state"]
    assert "open" == owner.made(f"/invoices/{second}/release-credit")["state"]
    left = owner.made(f"{path}/refund", {"amount": {"amount": "15000", "currency": "KHR"}})
    assert "25000" == left["balance"]["amount"]


def test_credit_that_is_not_there_is_refused(web: Shop) -> None:
    """Neither paid out nor used, and never for an invoice of another customer."""
    owner = Seller.of(web)
    buyer, stranger = owner.customer()["id"], owner.customer("Bopha")["id"]
    invoice = owner.issued(customer_id=buyer)["id"]
    amount = {"amount": "1", "currency": "KHR"}
    refused = owner.post(f"/customers/{buyer}/credit/refund", {"amount": amount})
    used = owner.post(f"/customers/{buyer}/credit/apply", {"invoice_id": invoice})
    assert refused.code == used.code == "credit.not_enough"
    wrong = owner.post(f"/customers/{stranger}/credit/apply", {"invoice_id": invoice})
    assert (404, "not_found") == told(wrong)
    assert "invoice.not_settled" == owner.post(f"/invoices/{invoice}/release-credit").code
