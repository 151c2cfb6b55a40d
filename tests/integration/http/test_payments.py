"""Payments over HTTP: evidence, its explanation and picture, the review queue, accounts, alerts."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest

from kasa.entrypoints.http.front import Front
from tests.integration.http.client import Answered, Web
from tests.integration.http.paying import Till, till_over

pytestmark = pytest.mark.integration


@pytest.fixture
def till(caller: Callable[[Front], Web]) -> Till:
    """Return a shop whose pictures say what a test wants."""
    return till_over(caller)


def sent(till: Till, picture: bytes = b"a receipt", **options: Any) -> Answered:
    """Upload a picture for a new invoice as a user."""
    path = f"/api/v1/invoices/{till.invoice()}/evidence"
    return till.shop.as_("user").post(path, files=picture_of(picture), **options)


def picture_of(data: bytes) -> Mapping[str, tuple[str, bytes, str]]:
    """Return an upload of one picture."""
    return {"file": ("../../etc/receipt.png", data, "image/png")}


def test_evidence_is_accepted_judged_and_explained(till: Till) -> None:
    """An upload is taken at once, read by a job, and then tells its payment and every check."""
    answer = sent(till)
    (taken,) = answer.json()["evidence"]
    assert (202, "submitted") == (answer.status, taken["payment"]["state"])
    assert f"/api/v1/evidence/{taken['id']}" == answer.headers["location"]
    user = till.shop.as_("user")
    early = user.get(f"/api/v1/evidence/{taken['id']}/explanation")
    assert (409, "evidence.not_judged") == (early.status, early.code)
    till.work_off()
    shown = user.get(answer.headers["location"]).json()
    assert "in_review" == shown["payment"]["state"]
    explained = user.get(f"/api/v1/evidence/{taken['id']}/explanation").json()
    assert shown["payment"]["points"] == explained["points"]
    assert {"amount", "recipient"} <= {row["rule"] for row in explained["rows"]}
    assert all(one["words"] for one in explained["reasons"])


def test_a_repeat_of_an_upload_is_the_same_upload(till: Till) -> None:
    """The same key with the same bytes is one payment; with other bytes it is refused."""
    path = f"/api/v1/invoices/{till.invoice()}/evidence"
    user = till.shop.as_("user")
    first, second = (user.post(path, files=picture_of(b"a"), key="k") for _ in range(2))
    ids = [one.json()["evidence"][0]["id"] for one in (first, second)]
    assert (202, 202, 1) == (first.status, second.status, len(set(ids)))
    other = user.post(path, files=picture_of(b"b"), key="k")
    assert (422, "idempotency.key_reused") == (other.status, other.code)


def test_the_same_bytes_are_told_at_once(till: Till) -> None:
    """A picture that was sent before answers 200 with the payment of which it is a duplicate."""
    first = sent(till).json()["evidence"][0]["payment"]["id"]
    again = sent(till)
    assert 200 == again.status
    assert first == again.json()["evidence"][0]["duplicate_of"]


def test_an_upload_without_a_picture_is_refused(till: Till) -> None:
    """No file, an unknown invoice, a body of JSON: each has its own answer."""
    user, path = till.shop.as_("user"), f"/api/v1/invoices/{till.invoice()}/evidence"
    none = user.post(path, fields={"note": "nothing"})
    assert (422, "evidence.missing") == (none.status, none.code)
    unknown = user.post(f"/api/v1/invoices/{uuid4()}/evidence", files=picture_of(b"a"))
    assert (404, "not_found") == (unknown.status, unknown.code)
    json = user.post(path, json={})
    assert (415, "request.media_type") == (json.status, json.code)


def test_the_picture_is_not_for_viewers(till: Till) -> None:
    """Users fetch it as an attachment of ours; a viewer is refused, and reads masked fields."""
    evidence = sent(till).json()["evidence"][0]["id"]
    image = till.shop.as_("user").get(f"/api/v1/evidence/{evidence}/image")
    assert (200, b"a receipt") == (image.status, image.content)
    assert "private, no-store" == image.headers["cache-control"]
    assert 'inline; filename="receipt.png"' == image.headers["content-disposition"]
    refused = till.shop.as_("viewer").get(f"/api/v1/evidence/{evidence}/image")
    assert (403, "access.role_too_low") == (refused.status, refused.code)
    missing = till.shop.as_("user").get(f"/api/v1/evidence/{uuid4()}/image")
    assert 404 == missing.status


def test_viewers_read_the_payer_masked(till: Till) -> None:
    """Of the payer's account a viewer sees three digits, a user all of them."""
    till.reads(b"a receipt", payer_account="000 146 564")
    evidence = sent(till).json()["evidence"][0]["id"]
    till.work_off()
    read = {
        role: till.shop.as_(role).get(f"/api/v1/evidence/{evidence}").json()["fields"]
        for role in ("viewer", "user")
    }
    assert "*** *** 564" == read["viewer"]["payer_account"]["value"]
    assert "000 146 564" == read["user"]["payer_account"]["value"]


def test_a_payment_is_reviewed(till: Till) -> None:
    """The queue lists it with who looks at it; approving needs the version and settles."""
    sent(till)
    till.work_off()
    admin = till.shop.as_("admin")
    (row,) = admin.get("/api/v1/payments?state=in_review").json()["items"]
    assert admin.get(f"/api/v1/payments?reason={row['reasons'][0]}").json()["items"]
    assert not admin.get("/api/v1/payments?reason=in_future").json()["items"]
    path = f"/api/v1/payments/{row['id']}"
    assert 200 == admin.post(f"{path}/claim").status
    claimed = admin.get("/api/v1/payments?state=in_review").json()["items"][0]
    assert claimed["claimed_by"]
    stale = admin.post(f"{path}/approve", json={"version": row["version"] + 1})
    assert (409, "version.stale") == (stale.status, stale.code)
    amount = {"amount": "25000", "currency": "KHR"}
    decision = {"version": row["version"], "amount": amount, "reason": "seen on the account"}
    assert 403 == till.shop.as_("user").post(f"{path}/approve", json=decision).status
    made = admin.post(f"{path}/approve", json=decision)
    assert (200, "approved") == (made.status, made.json()["state"])
    undone = admin.post(f"{path}/reverse", json={"reason": "the bank took it back"})
    assert (200, "reversed") == (undone.status, undone.json()["state"])
    again = admin.post(f"{path}/reopen", json={"version": undone.json()["version"]})
    assert (200, "in_review") == (again.status, again.json()["state"])


def test_a_payment_is_asked_about_assigned_and_discarded(till: Till) -> None:
    """Beside approving: another invoice, a clearer picture, not a receipt, rejected."""
    admin = till.shop.as_("admin")
    sent(till)
    till.work_off()
    row = admin.get("/api/v1/payments?state=in_review").json()["items"][0]
    path, version = f"/api/v1/payments/{row['id']}", row["version"]
    other = str(till.invoice())
    moved = admin.post(f"{path}/assign", json={"version": version, "invoice": other}).json()
    assert other == moved["invoice"]
    asked = admin.post(f"{path}/ask-again", json={"version": moved["version"]})
    assert (200, "waiting") == (asked.status, asked.json()["state"])
    gone = admin.post(f"{path}/discard", json={"version": asked.json()["version"]})
    assert 409 == gone.status or "rejected" == gone.json()["state"]
    short = admin.post(f"{path}/reject", json={"version": 1, "reason": "no"})
    assert short.status in {409, 422}


def test_cash_is_recorded_and_refunded(till: Till) -> None:
    """A user records cash, which settles at once; only an admin gives money back."""
    path = f"/api/v1/invoices/{till.invoice()}/payments"
    cash = {"amount": {"amount": "25000", "currency": "KHR"}, "text": "cash"}
    made = till.shop.as_("user").post(path, json=cash)
    assert (201, "approved", "manual") == (
        made.status,
        made.json()["state"],
        made.json()["source"],
    )
    refund = {"amount": {"amount": "5000", "currency": "KHR"}, "reason": "one was broken"}
    path = f"/api/v1/payments/{made.json()['id']}/refund"
    assert 403 == till.shop.as_("user").post(path, json=refund).status
    assert 200 == till.shop.as_("admin").post(path, json=refund).status
    wrong = {"amount": {"amount": 5000, "currency": "KHR"}, "reason": "a number"}
    assert (400, "money.syntax") == (
        till.shop.as_("admin").post(path, json=wrong).status,
        till.shop.as_("admin").post(path, json=wrong).code,
    )


def test_explaining_stores_nothing(till: Till) -> None:
    """A picture is judged against an invoice, needs no key, and leaves no payment."""
    user, invoice = till.shop.as_("user"), till.invoice()
    answer = user.post(
        "/api/v1/payments/explain",
        files=picture_of(b"a receipt"),
        fields={"invoice_id": str(invoice)},
        key="",
    )
    assert (200, "review") == (answer.status, answer.json()["decision"])
    assert not user.get("/api/v1/payments").json()["items"]
    odd = user.post(
        "/api/v1/payments/explain", files=picture_of(b"a"), fields={"invoice_id": "x"}, key=""
    )
    assert (400, "evidence.invoice_malformed") == (odd.status, odd.code)


def test_accounts_are_the_owners(till: Till) -> None:
    """An owner who signed in lately adds, names and archives; an admin may not."""
    owner = till.shop.as_("owner")
    new = {"bank": "aba", "number": "000 999 888", "names": ["SOKHA SHOP"], "currency": "USD"}
    assert 403 == till.shop.as_("admin").post("/api/v1/accounts", json=new).status
    late = till.shop.as_("owner", recent=False).post("/api/v1/accounts", json=new)
    assert (403, "identity.recent_sign_in_needed") == (late.status, late.code)
    made = owner.post("/api/v1/accounts", json=new)
    assert (201, "000999888") == (made.status, made.json()["number"])
    taken = owner.post("/api/v1/accounts", json=new)
    assert (409, "account.taken") == (taken.status, taken.code)
    path = f"/api/v1/accounts/{made.json()['id']}"
    named = owner.put(f"{path}/accepted-names", json={"names": ["SOKHA SHOP", "SOKHA TEXTILES"]})
    assert 2 == len(named.json()["names"])
    short = owner.put(f"{path}/accepted-names", json={"names": ["ABC"]})
    assert (422, "account.name_too_short") == (short.status, short.code)
    assert owner.post(f"{path}/archive").json()["archived_at"]
    ids = [row["id"] for row in till.shop.as_("viewer").get("/api/v1/accounts").json()["items"]]
    assert made.json()["id"] == ids[-1]


def test_the_rules_of_matching_are_set_whole(till: Till) -> None:
    """The threshold is never lowered; what is left out is as it usually is."""
    owner = till.shop.as_("owner")
    low = owner.put("/api/v1/match-policy", json={"threshold": 79})
    assert (400, "body.invalid") == (low.status, low.code)
    ceiling = {"amount": "400000", "currency": "KHR"}
    given = {"threshold": 90, "ceilings": [ceiling], "await_alert_minutes": 30}
    made = owner.put("/api/v1/match-policy", json=given)
    shown = till.shop.as_("viewer").get("/api/v1/match-policy").json()
    assert (200, made.json()) == (made.status, shown)
    assert (90, [ceiling], 30) == tuple(
        shown[name] for name in ("threshold", "ceilings", "await_alert_minutes")
    )


def test_alerts_are_ingested_by_a_key_and_assigned(till: Till) -> None:
    """A program with the scope passes a bank's words on; a person assigns what they are for."""
    program = till.shop.as_key("alerts:write")
    body = {"bot": "PayWayByABA_bot", "chat": -100, "message": 7, "text": till.alert_text()}
    taken = program.post("/api/v1/ingest/bank-alerts", json=body)
    assert (200, None, "alert_ingested") == (
        taken.status,
        taken.json()["refusal"],
        taken.json()["alert"]["source"],
    )
    again = program.post("/api/v1/ingest/bank-alerts", json=body)
    assert again.json()["again"]
    missing = till.shop.as_key("read").post("/api/v1/ingest/bank-alerts", json=body)
    assert (403, "access.scope_missing") == (missing.status, missing.code)
    strange = program.post("/api/v1/ingest/bank-alerts", json={**body, "text": "hello"})
    assert strange.json()["refusal"]
    admin = till.shop.as_("admin")
    (row,) = admin.get("/api/v1/bank-alerts?unassigned=true").json()["items"]
    path = f"/api/v1/bank-alerts/{row['id']}"
    made = admin.post(f"{path}/assign", json={"invoice": str(till.invoice())})
    assert (200, "alert_ingested") == (made.status, made.json()["source"])
    late = admin.post(f"{path}/ignore")
    assert (409, "alert.assigned") == (late.status, late.code)
