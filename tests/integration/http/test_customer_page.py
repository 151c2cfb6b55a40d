"""The page of a link: what a customer sees and sends without signing in, and when it ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from kasa.application.payments.accounts import NewAccount
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import KHR, Money
from kasa.entrypoints.http.front import Front
from tests.integration.http.client import Answered, Web
from tests.integration.http.paying import Till, till_over

pytestmark = pytest.mark.integration


@pytest.fixture
def till(caller: Callable[[Front], Web]) -> Till:
    """Return a shop whose account has a Bakong id."""
    made = till_over(caller)
    kasa, owner = made.desk.kasa, made.desk.owner
    (usual,) = kasa.payments.queries.accounts(owner)
    kasa.payments.archive_account(owner, usual.id)
    names = tuple(one.text for one in usual.names)
    new = NewAccount(
        bank="ABA", number="010959385", names=names, currency=KHR, bakong_id="shop@aba"
    )
    kasa.payments.add_account(owner, new)
    return made


def linked(till: Till) -> tuple[InvoiceId, str]:
    """Return an invoice and the path of a link to it."""
    invoice = till.invoice()
    made = till.shop.as_("user").post(f"/api/v1/invoices/{invoice}/share-links")
    assert 201 == made.status
    return InvoiceId(invoice), "/i/" + made.json()["url"].rpartition("/i/")[2]


def sent(till: Till, path: str, picture: bytes = b"a receipt", idem: str = "one") -> Answered:
    """Send a picture by the form of the page."""
    return till.street.web.post(
        f"{path}/evidence",
        files={"picture": ("receipt.png", picture, "image/png")},
        fields={"_idem": idem},
        key="",
    )


def test_the_page_shows_the_invoice_to_nobody_in_particular(till: Till) -> None:
    """Without a token or a script: number, amount, code, form; never indexed, never kept."""
    _, path = linked(till)
    shown = till.street.web.get(path)
    assert (200, "text/html; charset=utf-8") == (shown.status, shown.headers["content-type"])
    assert "noindex, nofollow, noarchive" == shown.headers["x-robots-tag"]
    assert "private, no-store" == shown.headers["cache-control"]
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert "25,000" in shown.text
    assert "<script" not in shown.text
    assert "style=" not in shown.text
    assert 1 == shown.text.count("<h1>")
    assert 'enctype="multipart/form-data"' in shown.text
    khmer = till.street.web.get(f"{path}?lang=km").text
    assert '<html lang="km">' in khmer
    assert "ផ្ញើបង្កាន់ដៃរបស់អ្នក" in khmer


def test_the_code_is_fresh_and_not_made_anew_each_time(till: Till) -> None:
    """It stays while it lives long enough, and is replaced before it ends."""
    invoice, path = linked(till)
    first = till.street.web.get(f"{path}/khqr.png")
    assert (200, "image/png") == (first.status, first.headers["content-type"])
    codes = till.desk.kasa.payments
    again = codes.shown_code(till.desk.owner, invoice, Money(25_000, KHR))
    till.street.web.get(path)
    assert again == codes.shown_code(till.desk.owner, invoice, Money(25_000, KHR))
    till.desk.clock.pass_time(timedelta(minutes=6))
    assert again != codes.shown_code(till.desk.owner, invoice, Money(25_000, KHR))


def test_a_receipt_is_sent_once_and_its_verdict_is_told(till: Till) -> None:
    """The form leads back to the page; a second press is the same receipt; then it is paid."""
    _, path = linked(till)
    till.shows(b"a receipt")
    first, second = (sent(till, path) for _ in range(2))
    assert (303, path) == (first.status, first.headers["location"])
    assert 303 == second.status
    assert "We are reading your receipt." in till.street.web.get(path).text
    till.work_off()
    shown = till.street.web.get(path).text
    assert "This invoice is paid. Thank you!" in shown
    assert "Send your receipt" not in shown
    assert 1 == len(till.shop.as_("viewer").get("/api/v1/payments").json()["items"])
    assert 404 == sent(till, path, idem="two").status


def test_a_refused_picture_is_told_on_the_page(till: Till) -> None:
    """Nothing chosen, and too much within an hour: the page says so with its status."""
    _, path = linked(till)
    none = till.street.web.post(f"{path}/evidence", fields={"_idem": "x"}, key="")
    assert (303, f"{path}?wrong=evidence.missing") == (none.status, none.headers["location"])
    assert (
        "Choose the picture of your receipt first."
        in till.street.web.get(none.headers["location"]).text
    )
    for number in range(20):
        sent(till, path, picture=f"{number}".encode(), idem=f"n{number}")
    many = sent(till, path, picture=b"one more", idem="last")
    assert f"{path}?wrong=evidence.rate_limited" == many.headers["location"]
    odd = till.street.web.get(f"{path}?wrong=<script>")
    assert 400 == odd.status


def test_another_link_does_not_show_what_this_one_sent(till: Till) -> None:
    """Receipts belong to the link they were sent by, and the payer is never told."""
    invoice, path = linked(till)
    till.reads(b"a receipt", payer_account="000 146 564", payer_name="INVENTED PAYER")
    sent(till, path)
    till.work_off()
    made = till.shop.as_("user").post(f"/api/v1/invoices/{invoice}/share-links").json()["url"]
    other = till.street.web.get("/i/" + made.rpartition("/i/")[2]).text
    own = till.street.web.get(path).text
    assert "Your receipts" in own
    assert "Your receipts" not in other
    assert "146" not in own
    assert "INVENTED PAYER" not in own


def test_links_end_and_are_listed(till: Till) -> None:
    """Ended by hand or by time, altered or unknown, a link is not found, in one way."""
    invoice, path = linked(till)
    user, web = till.shop.as_("user"), till.street.web
    (row,) = user.get(f"/api/v1/invoices/{invoice}/share-links").json()["items"]
    assert (None, "page") == (row["url"], row["purpose"])
    assert 403 == till.shop.as_("viewer").post(f"/api/v1/invoices/{invoice}/share-links").status
    odd = [f"{path[:-1]}{'A' if path[-1] != 'A' else 'B'}", path[:-1], f"{path}A", "/i/" + "é" * 22]
    assert [404] * len(odd) == [web.get(one).status for one in odd]
    assert 204 == user.delete(f"/api/v1/invoices/{invoice}/share-links/{row['id']}").status
    gone = web.get(path)
    unknown = web.get("/i/" + "A" * 22)
    assert (404, unknown.code) == (gone.status, gone.code)
    assert 404 == sent(till, path).status
    _, second = linked(till)
    till.desk.clock.pass_time(timedelta(days=90))
    assert 404 == web.get(second).status


def test_a_paused_shop_shows_no_code(till: Till) -> None:
    """It is said to ask the shop first; a receipt is taken; a closed shop takes none."""
    _, path = linked(till)
    till.desk.kasa.tenancy.suspend(till.desk.owner)
    shown = till.street.web.get(path).text
    assert "This shop is paused, ask it before you pay." in shown
    assert "khqr.png" not in shown
    assert 404 == till.street.web.get(f"{path}/khqr.png").status
    assert 303 == sent(till, path).status
    till.desk.kasa.tenancy.close(till.desk.owner)
    closed = till.street.web.get(path).text
    assert "This shop is closed, do not pay." in closed
    assert "Send your receipt" not in closed
    assert 404 == sent(till, path, idem="closed").status
