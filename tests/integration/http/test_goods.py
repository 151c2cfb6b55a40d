"""Products, stock, stocktakes and reservations over HTTP."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.integration.http.selling import NOBODY, Seller, told
from tests.integration.http.shop import Shop

pytestmark = pytest.mark.integration


def test_a_product_is_added_and_changed(web: Shop) -> None:
    """Its stock is there; what is left out of a change stays; an old version is refused."""
    owner = Seller.of(web)
    made = owner.product(barcode="8840000000017", scale=1, on_hand="1.5", external_ref="p-1")
    path = f"/products/{made['id']}"
    assert made == owner.get(path).json()
    assert ("1.5", "1.5") == tuple(
        owner.get(f"{path}/stock").json()[name] for name in ("on_hand", "available")
    )
    changed = owner.patch(path, {"version": 1, "price": "21000", "reorder": {"low_at": "2"}}).json()
    assert ("21000", "Scarf", {"low_at": "2", "rearm_at": "2"}) == (
        changed["price"],
        changed["name"],
        changed["reorder"],
    )
    assert (409, "version.stale") == told(owner.patch(path, {"version": 1, "name": "Shawl"}))
    assert (409, "sku.scale_in_use") == told(owner.patch(path, {"version": 2, "scale": 2}))
    for code in ("scarf", "8840000000017"):
        assert made["id"] == owner.get(f"/products/by-code?code={code}").json()["id"]
    low = owner.get("/stock/low").json()["items"]
    assert [made["id"]] == [row["product_id"] for row in low]


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"code": "scarf"}, 409, "sku.taken"),
        ({"code": "B", "external_ref": "p-1"}, 409, "external_ref.taken"),
        ({"code": "B", "price": "-1"}, 422, "money.out_of_range"),
        ({"code": "B", "price": 1}, 400, "money.syntax"),
        ({"code": "B", "on_hand": "1.5"}, 422, "stock.quantity_not_whole"),
        ({"code": "B", "currency": "XXX"}, 422, "currency.unknown"),
        ({"code": "B", "tax": {"category": "S", "percent": "101"}}, 422, "tax.percent"),
        (
            {"code": "B", "cost": {"amount": "1.00", "currency": "USD"}},
            422,
            "stock.cost_currency",
        ),
    ],
)
def test_products_that_are_none_are_refused(
    web: Shop, fields: dict[str, Any], status: int, code: str
) -> None:
    """And leave nothing behind."""
    owner = Seller.of(web)
    owner.product(external_ref="p-1")
    given = {"name": "Soap", "price": "1", **fields}
    assert (status, code) == told(owner.post("/products", given))
    assert 1 == len(owner.get("/products").json()["items"])


def test_archiving_gives_the_code_no_rest(web: Shop) -> None:
    """An archived product leaves lists, is refused on drafts, and comes back."""
    owner = Seller.of(web)
    made = owner.product()
    path = f"/products/{made['id']}"
    assert owner.made(f"{path}/archive")["archived_at"]
    assert [] == owner.get("/products").json()["items"]
    line = {"product_id": made["id"], "quantity": "1"}
    assert (409, "product.archived") == told(owner.post("/invoices", {"lines": [line]}))
    assert owner.made(f"{path}/restore")["archived_at"] is None
    assert (404, "not_found") == told(owner.post(f"/products/{NOBODY}/archive"))


def test_goods_come_in_and_are_corrected(web: Shop) -> None:
    """Movements tell both; the correction is undone once."""
    owner = Seller.of(web)
    goods = owner.product()["id"]
    cost = {"amount": "40000", "currency": "KHR"}
    line = {"product_id": goods, "quantity": "5", "total_cost": cost}
    owner.made("/stock/receipts", {"lines": [line], "note": "Supplier, note 17"})
    assert {"amount": "40000", "currency": "KHR"} == owner.get("/stock/valuation").json()["value"]
    lost = {"product_id": goods, "reason": "damaged", "delta": "-1"}
    done = owner.made("/stock/adjustments", {"lines": [lost]})
    assert 14 == done["levels"][0]["on_hand"]
    (moved,) = done["movements"]
    assert 15 == owner.made(f"/movements/{moved['id']}/undo", {})["levels"][0]["on_hand"]
    again = owner.post(f"/movements/{moved['id']}/undo", {})
    assert (409, "movement.already_reversed") == told(again)
    kinds = [row["kind"] for row in owner.get(f"/products/{goods}/movements").json()["items"]]
    assert ["reverse", "scrap", "receive", "open"] == kinds
    damaged = owner.get("/movements?kind=scrap").json()["items"]
    assert [moved["id"]] == [row["id"] for row in damaged]
    assert [] == owner.get("/movements?to=2000-01-01T00:00:00Z").json()["items"]
    written = {**lost, "reason": "void"}
    assert (422, "stock.reason") == told(owner.post("/stock/adjustments", {"lines": [written]}))
    assert (404, "not_found") == told(owner.get(f"/products/{NOBODY}/movements"))


def test_a_count_shows_what_it_would_change(web: Shop) -> None:
    """Differences first, then the commit; a closed count takes no lines."""
    owner = Seller.of(web)
    goods = owner.product()["id"]
    count = owner.made("/stock/counts", {"products": [goods]})
    assert (409, "count.open") == told(owner.post("/stock/counts", {}))
    path = f"/stock/counts/{count['id']}"
    entered = owner.put(f"{path}/lines", {"lines": [{"product_id": goods, "counted": "7"}]})
    assert [-3] == [row["units"] for row in entered.json()["differences"]]
    assert entered.json() == owner.get(path).json()
    assert "committed" == owner.made(f"{path}/commit", {})["state"]
    assert "7" == owner.get(f"/products/{goods}/stock").json()["on_hand"]
    closed = owner.put(f"{path}/lines", {"lines": [{"product_id": goods, "counted": "7"}]})
    assert (409, "count.closed") == told(closed)
    other = owner.made("/stock/counts", {})
    assert "cancelled" == owner.made(f"/stock/counts/{other['id']}/cancel")["state"]


def test_goods_are_kept_and_given_up(web: Shop) -> None:
    """What is reserved is not available; more than is there, or for too long, is refused."""
    owner = Seller.of(web)
    goods = owner.product()
    until = datetime.fromisoformat(goods["updated_at"]) + timedelta(days=1)
    body = {"product_id": goods["id"], "quantity": "4", "until": until.isoformat()}
    kept = owner.made("/reservations", body)
    level = f"/products/{goods['id']}/stock"
    assert "6" == owner.get(level).json()["available"]
    assert [kept] == owner.get("/reservations").json()["items"]
    assert (409, "stock.insufficient") == told(
        owner.post("/reservations", {**body, "quantity": "7"})
    )
    long = owner.post("/reservations", {**body, "until": "2999-01-01T00:00:00Z"})
    assert (422, "reservation.expiry") == told(long)
    assert 400 == owner.post("/reservations", {**body, "until": "2026-01-01T00:00:00"}).status
    path = f"/reservations/{kept['id']}"
    assert 204 == owner.delete(path).status
    assert "10" == owner.get(level).json()["available"]
    assert (409, "reservation.wrong_state") == told(owner.delete(path))
    assert (404, "not_found") == told(owner.delete(f"/reservations/{NOBODY}"))


def test_goods_of_an_invoice_leave_and_come_back(web: Shop) -> None:
    """Reserved at issue, handed over, returned; a line without goods returns nothing."""
    owner = Seller.of(web)
    goods = owner.product()["id"]
    issued = owner.issued(lines=[{"product_id": goods, "quantity": "2"}])
    path = f"/invoices/{issued['id']}"
    assert "reserved" == owner.get(f"{path}/fulfilment").json()["fulfilment"]
    owner.made(f"{path}/deliver")
    assert "deducted" == owner.get(f"{path}/fulfilment").json()["fulfilment"]
    owner.made(f"{path}/returns", {"lines": [{"line_no": 1, "quantity": "1"}]})
    assert "9" == owner.get(f"/products/{goods}/stock").json()["on_hand"]
    nothing = owner.post(f"{path}/returns", {"lines": [{"line_no": 9, "quantity": "1"}]})
    assert (409, "return.nothing") == told(nothing)
    missing = owner.post(
        f"/invoices/{NOBODY}/returns", {"lines": [{"line_no": 1, "quantity": "1"}]}
    )
    assert (404, "not_found") == told(missing)
    draft = owner.draft(lines=[{"product_id": goods, "quantity": "100"}])["id"]
    short = owner.post(f"/invoices/{draft}/issue", {})
    assert (409, "stock.insufficient") == told(short)
    assert "open" == owner.made(f"/invoices/{draft}/issue", {"on_shortage": "accept"})["state"]


@pytest.mark.parametrize(
    ("role", "statuses"), [("viewer", (403, 403)), ("user", (201, 403)), ("admin", (201, 201))]
)
def test_who_may_move_goods(web: Shop, role: str, statuses: tuple[int, int]) -> None:
    """Users take goods in; corrections are for admins."""
    goods = Seller.of(web).product()["id"]
    caller = Seller.of(web, role)
    receipt = {"lines": [{"product_id": goods, "quantity": "1"}]}
    lost = {"lines": [{"product_id": goods, "reason": "lost", "delta": "-1"}]}
    told = (caller.post("/stock/receipts", receipt), caller.post("/stock/adjustments", lost))
    assert statuses == tuple(answer.status for answer in told)
