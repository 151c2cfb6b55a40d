"""Drafts, issued invoices and their documents over HTTP."""

from typing import Any

import pytest

from tests.integration.http.selling import LINE, NOBODY, Seller, told
from tests.integration.http.shop import Shop, Street

pytestmark = pytest.mark.integration


def test_a_draft_says_what_it_costs(web: Shop) -> None:
    """Money is text with exactly the currency's decimals; the preview reckons the same."""
    owner = Seller.of(web)
    body = {"currency": "USD", "lines": [{**LINE, "price": "12.5"}]}
    made = owner.made("/invoices", body)
    assert {"amount": "25.00", "currency": "USD"} == made["gross"] == made["due"]
    seen = owner.web.post("/api/v1/invoices/preview", json=body, key="")
    assert (made["content"], made["totals"]) == (seen.json()["content"], seen.json()["totals"])
    assert 1 == owner.get("/invoices/counts").json()["draft"]
    assert made["content"] == owner.get(f"/invoices/{made['id']}").json()["content"]


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ({**LINE, "price": 20000}, 400, "money.syntax"),
        ({**LINE, "price": "1e3"}, 400, "money.syntax"),
        ({**LINE, "price": "NaN"}, 400, "money.syntax"),
        ({**LINE, "price": "១២"}, 400, "money.syntax"),
        ({**LINE, "price": "-1"}, 422, "line.price"),
        ({**LINE, "quantity": "1_0"}, 400, "body.invalid"),
        ({**LINE, "quantity": "0"}, 422, "line.quantity"),
        ({"text": "Scarf", "quantity": "1"}, 422, "line.price"),
        ({"product_id": str(NOBODY), "quantity": "1"}, 404, "not_found"),
        ({**LINE, "colour": "red"}, 400, "body.unknown_field"),
        ({**LINE, "discounts": [{"amount": {"amount": "1.5", "currency": "KHR"}}]}, 422, None),
    ],
)
def test_lines_that_are_none_are_refused(
    web: Shop, line: dict[str, Any], status: int, code: str | None
) -> None:
    """Of a draft and of a preview alike, and nothing is stored."""
    owner = Seller.of(web)
    for path in ("/invoices", "/invoices/preview"):
        refused = owner.post(path, {"lines": [line]})
        assert (status, code or "money.too_precise") == told(refused)
    assert [] == owner.get("/invoices").json()["items"]


def test_a_draft_changes_by_its_version(web: Shop) -> None:
    """What is left out stays; the version of before is refused."""
    owner = Seller.of(web)
    made = owner.draft(note="Thank you")
    path = f"/invoices/{made['id']}"
    body = {"version": 1, "lines": [{**LINE, "quantity": "3"}], "metadata": {"a": "b"}}
    changed = owner.patch(path, body).json()
    assert ("60000", "Thank you", 2) == (
        changed["gross"]["amount"],
        changed["content"]["note"],
        changed["version"],
    )
    assert (409, "version.stale") == told(owner.patch(path, {"version": 1, "note": "x"}))
    assert 204 == owner.delete(path).status
    assert (404, "not_found") == told(owner.delete(path))


def test_issuing_is_done_once_and_answered_twice(web: Shop) -> None:
    """A repeat under the key answers the same; another key meets an issued invoice."""
    owner = Seller.of(web)
    path = f"/invoices/{owner.draft()['id']}"
    first, second = (owner.post(f"{path}/issue", {}, key="one") for _ in range(2))
    assert (200, first.content) == (second.status, second.content)
    assert "true" == second.headers["idempotent-replayed"]
    assert ("open", "INV-2026-000001"[:8]) == (first.json()["state"], first.json()["number"][:8])
    assert (409, "invoice.already_issued") == told(owner.post(f"{path}/issue", {}))
    other = owner.post(f"{path}/issue", {"on_shortage": "accept"}, key="one")
    assert (422, "idempotency.key_reused") == told(other)
    assert (409, "invoice.wrong_state") == told(owner.delete(path))
    assert (409, "invoice.wrong_state") == told(owner.patch(path, {"version": 2, "note": "x"}))


def test_what_stands_on_no_document_changes_after_issue(web: Shop) -> None:
    """References, metadata and notes; the document's digest stays."""
    owner = Seller.of(web)
    issued = owner.issued()
    path = f"/invoices/{issued['id']}"
    body = {"version": issued["version"], "external_ref": "order-1", "metadata": {"k": "v"}}
    changed = owner.patch(path, body).json()
    assert ("order-1", {"k": "v"}, issued["digest"]) == (
        changed["external_ref"],
        changed["metadata"],
        changed["digest"],
    )
    assert "call first" == owner.made(f"{path}/notes", {"text": "call first"})["internal_note"]
    found = owner.get("/invoices?external_ref=order-1").json()["items"]
    assert [issued["id"]] == [row["id"] for row in found]
    long = owner.post(f"{path}/notes", {"text": "x" * 2000})
    assert (422, "text.too_long") == told(long)
    taken = owner.post("/invoices", {"external_ref": "order-1"})
    assert (409, "external_ref.taken") == told(taken)
    assert issued["id"] == taken.json()["holder"]


def test_ends_of_an_invoice(web: Shop) -> None:
    """Written off, reinstated, void; a reason is needed, and a void one owes nothing."""
    owner = Seller.of(web)
    path = f"/invoices/{owner.issued()['id']}"
    assert 400 == owner.post(f"{path}/void", {"reason": "x"}).status
    assert "uncollectible" == owner.made(f"{path}/write-off", {"reason": "moved away"})["state"]
    assert "open" == owner.made(f"{path}/reinstate")["state"]
    assert (409, "invoice.wrong_state") == told(owner.post(f"{path}/reinstate"))
    void = owner.made(f"{path}/void", {"reason": "a mistake"})
    assert ("void", "0") == (void["state"], void["due"]["amount"])
    copied = owner.made(f"{path}/duplicate")
    assert ("draft", None, void["gross"]) == (copied["state"], copied["number"], copied["gross"])
    assert (404, "not_found") == told(owner.post(f"/invoices/{NOBODY}/duplicate"))


def test_a_bulk_act_tells_of_each(web: Shop) -> None:
    """Each row has its own outcome, and a repeat does nothing anew."""
    owner = Seller.of(web)
    ids = [owner.draft()["id"], str(NOBODY), owner.draft()["id"]]
    body = {"ids": ids, "action": "issue"}
    rows = owner.post("/invoices/bulk", body, key="b").json()["items"]
    assert [200, 404, 200] == [row["status"] for row in rows]
    assert rows == owner.post("/invoices/bulk", body, key="b").json()["items"]
    user = Seller.of(web, "user")
    void = {"ids": ids[:1], "action": "void", "reason": "a mistake"}
    (refused,) = user.made("/invoices/bulk", void)["items"]
    assert (403, "access.role_too_low") == (refused["status"], refused["code"])
    assert 400 == owner.post("/invoices/bulk", {"ids": [], "action": "issue"}).status


def test_lists_are_cut_and_paged(web: Shop) -> None:
    """By status, customer, number and day; what is no filter is refused."""
    owner = Seller.of(web)
    buyer = owner.customer()["id"]
    first, second = owner.issued(customer_id=buyer), owner.issued()
    owner.draft()
    for query, found in (
        ("status=open", [second, first]),
        (f"customer={buyer}", [first]),
        (f"q={second['number']}", [second]),
        ("from=2000-01-01&to=2999-01-01&status=open", [second, first]),
        ("to=2000-01-01", []),
        ("currency=USD", []),
    ):
        rows = owner.get(f"/invoices?{query}").json()["items"]
        assert [one["id"] for one in found] == [row["id"] for row in rows], query
    page = owner.get("/invoices?limit=2").json()
    rest = owner.get(f"/invoices?limit=2&cursor={page['next_cursor']}").json()
    assert (2, 1, None) == (len(page["items"]), len(rest["items"]), rest["next_cursor"])
    for wrong in ("status=lost", "limit=0", "limit=1e3", "since=2020-01-01", "customer=x"):
        assert 400 == owner.get(f"/invoices?{wrong}").status, wrong


def test_the_printed_copy_is_fetched(street: Street) -> None:
    """A draft has none; an issued invoice has one once the worker drew it."""
    owner = Seller.of(street.shop())
    draft = owner.draft()
    assert (404, "not_found") == told(owner.get(f"/invoices/{draft['id']}/pdf"))
    issued = owner.made(f"/invoices/{draft['id']}/issue", {})
    street.opened.work_off()
    answer = owner.get(f"/invoices/{issued['id']}/pdf")
    assert (200, "application/pdf") == (answer.status, answer.headers["content-type"])
    assert "private, no-store" == answer.headers["cache-control"]
    whole = owner.get(f"/invoices/{issued['id']}").json()
    assert ["original"] == [copy["mark"] for copy in whole["copies"]]
    assert 404 == owner.get(f"/invoices/{issued['id']}/pdf?copy=void").status
    code = owner.get(f"/invoices/{issued['id']}/khqr.png")
    assert (409, "khqr.no_account") == told(code)
