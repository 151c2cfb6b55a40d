"""The shop itself, its figures, its audit trail and failed jobs over HTTP."""

from collections.abc import Callable
from uuid import UUID

import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.events import JobFailed
from kasa.domain.kernel.ids import EventId
from kasa.entrypoints.http.front import Front
from tests.integration.http.client import Web
from tests.integration.http.selling import NOBODY, Seller, told
from tests.integration.http.shop import Shop, street_over

pytestmark = pytest.mark.integration


def test_the_profile_changes_by_its_version(web: Shop) -> None:
    """What is left out stays; old versions and impossible values are refused."""
    owner = Seller.of(web)
    shop = owner.get("/tenant").json()
    body = {"version": shop["version"], "tin": "K001", "phone": "012345678", "address": "St. 63"}
    changed = owner.patch("/tenant", body).json()
    assert {**shop, "tin": "K001", "phone": "+85512345678", "address": "St. 63"} == {
        **changed,
        "version": shop["version"],
    }
    assert (409, "version.stale") == told(owner.patch("/tenant", body))
    now = {"version": changed["version"]}
    for wrong, status in (
        ({"terms_days": 366}, 400),
        ({"zone": "../etc/passwd"}, 422),
        ({"zone": "Mars/Base"}, 422),
        ({"currency": "XXX"}, 422),
        ({"name": " "}, 422),
        ({"logo_id": str(NOBODY)}, 404),
    ):
        assert status == owner.patch("/tenant", {**now, **wrong}).status, wrong
    assert 403 == Seller.of(web, "user").patch("/tenant", {**now, "tin": "x"}).status


def test_setting_up_is_told_step_by_step(web: Shop) -> None:
    """A product done is a step done."""
    owner = Seller.of(web)
    owner.product()
    steps = {row["step"]: row["done"] for row in owner.get("/tenant/setup").json()["items"]}
    assert (True, False) == (steps["product"], steps["invoice"])


def test_use_is_told(web: Shop) -> None:
    """Every meter with its use; without plans nothing has a limit."""
    owner = Seller.of(web)
    owner.issued()
    used = {row["meter"]: row for row in owner.get("/usage").json()["items"]}
    assert (1, "period", None) == tuple(
        used["invoices"][name] for name in ("used", "kind", "limit")
    )


def test_a_shop_is_closed_and_kept_after_all(web: Shop) -> None:
    """By its owner who signed in lately; a closed one takes nothing but the withdrawal."""
    owner = Seller.of(web)
    late = Seller(web.as_("owner", recent=False)).post("/tenant/close")
    assert (403, "identity.recent_sign_in_needed") == told(late)
    assert 403 == Seller.of(web, "admin").post("/tenant/close").status
    owner = Seller.of(web)
    assert "closed" == owner.made("/tenant/close")["state"]
    assert (403, "tenant.suspended") == told(owner.post("/customers", {"name": "Dara"}))
    assert "open" == owner.delete("/tenant/close").json()["state"]
    assert (409, "tenant.wrong_state") == told(owner.delete("/tenant/close"))


def test_series_are_set_before_their_first_document(web: Shop) -> None:
    """Then they are locked."""
    owner = Seller.of(web)
    made = owner.made("/number-series", {"name": "INV", "first": 100})
    assert (100, False) == (made["next"], made["locked"])
    body = {"name": "INV", "year": made["year"], "template": "{series}/{yy}-{number:04d}"}
    changed = owner.web.patch("/api/v1/number-series", json=body).json()
    assert (100, body["template"]) == (changed["first"], changed["template"])
    assert "0100" == owner.issued()["number"][-4:]
    (row,) = owner.get("/number-series").json()["items"]
    assert (101, True) == (row["next"], row["locked"])
    assert (409, "series.in_use") == told(owner.post("/number-series", {"name": "INV"}))
    wrong = {"name": "X", "template": "{number:06d}"}
    assert (422, "series.template") == told(owner.post("/number-series", wrong))
    missing = owner.patch("/number-series", {"name": "Y", "year": 2030})
    assert (404, "not_found") == told(missing)


def test_rates_are_entered_and_listed(web: Shop) -> None:
    """The newest day first; a rate that is none is refused."""
    owner = Seller.of(web)
    rate = {"base": "USD", "quote": "KHR", "rate": "4095.5", "on": "2026-11-01"}
    for day in ("2026-11-01", "2026-11-02"):
        owner.made("/exchange-rates", {**rate, "on": day})
    page = owner.get("/exchange-rates?base=USD&limit=1").json()
    rest = owner.get(f"/exchange-rates?base=USD&limit=1&cursor={page['next_cursor']}").json()
    assert ["2026-11-02", "2026-11-01"] == [row["on"] for row in (*page["items"], *rest["items"])]
    assert (422, "rate.invalid") == told(owner.post("/exchange-rates", {**rate, "rate": "0"}))
    assert 400 == owner.post("/exchange-rates", {**rate, "on": "1/11/2026"}).status


def test_the_trail_is_filtered(web: Shop) -> None:
    """By kind, subject, actor and time; for admins alone."""
    owner = Seller.of(web)
    issued = owner.issued()
    path = f"/audit?subject={issued['id']}"
    kinds = [row["kind"] for row in owner.get(path).json()["items"]]
    assert ["invoicing.invoice_issued", "invoicing.invoice_drafted"] == kinds
    (row,) = owner.get("/audit?kind=invoicing.invoice_issued").json()["items"]
    assert (issued["number"], issued["gross"]) == (row["facts"]["number"], row["facts"]["gross"])
    assert [] == owner.get(f"/audit?actor={NOBODY}").json()["items"]
    assert [] == owner.get("/audit?to=2000-01-01T00:00:00Z").json()["items"]
    life = owner.get(f"/invoices/{issued['id']}/timeline").json()["items"]
    assert kinds[::-1] == [one["kind"] for one in life]
    assert (404, "not_found") == told(owner.get(f"/invoices/{NOBODY}/timeline"))
    assert 403 == Seller.of(web, "user").get("/audit").status


def test_a_failed_job_is_listed_and_run_again(caller: Callable[[Front], Web]) -> None:
    """What was asked for again leaves the list; what failed not is not found."""
    ports = memory_ports()
    shop = street_over(ports, caller).shop()
    owner = Seller.of(shop)
    issued = owner.issued()
    event = EventId(UUID(owner.get("/audit?limit=1").json()["items"][0]["id"]))
    failed = JobFailed(
        subject=UUID(issued["id"]), event=event, reaction="invoicing.print_original", code="job.bug"
    )
    with ports.unit_of_work(Actor.system(shop.tenant)) as work:
        work.events.record(failed, at=ports.clock.now())
    (row,) = owner.get("/jobs").json()["items"]
    assert ("job.bug", issued["id"]) == (row["code"], row["subject"])
    asked = owner.post(f"/jobs/{row['id']}/retry")
    assert (202, "invoicing.print_original") == (asked.status, asked.json()["reaction"])
    assert [] == owner.get("/jobs").json()["items"]
    assert [row] == owner.get("/jobs?state=failed").json()["items"]
    assert (404, "not_found") == told(owner.post(f"/jobs/{NOBODY}/retry"))
    assert 403 == Seller.of(shop, "user").get("/jobs").status


def test_over_postgres(stored_web: Shop) -> None:
    """The same over PostgreSQL: references, lists and figures are stored and found."""
    owner = Seller.of(stored_web)
    product = owner.product(external_ref="p-1", metadata={"a": "b"})
    buyer = owner.customer(external_ref="c-1", metadata={"a": "b"})
    line = {"product_id": product["id"], "quantity": "1"}
    issued = owner.issued(customer_id=buyer["id"], lines=[line], external_ref="i-1")
    shown = owner.get(f"/invoices/{issued['id']}").json()
    assert ("i-1", buyer) == (shown["external_ref"], shown["customer"])
    for path, made in (("products", product), ("customers", buyer), ("invoices", issued)):
        reference = made["external_ref"]
        (row,) = owner.get(f"/{path}?external_ref={reference}").json()["items"]
        assert made["id"] == row["id"]
        refused = owner.patch(f"/{path}/{made['id']}", {"version": 99, "external_ref": "x"})
        assert (409, "version.stale") == told(refused)
    note = owner.made(f"/invoices/{issued['id']}/credit-notes", {"reason": "return"})
    assert [note] == owner.get(f"/credit-notes?invoice={issued['id']}").json()["items"]
    assert note == owner.get(f"/credit-notes/{note['id']}").json()
    assert 3 == len(owner.get("/usage").json()["items"][:3])
