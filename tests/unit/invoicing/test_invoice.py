"""One invoice: each step of its life gives exactly the next version."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from kasa.domain.invoicing.content import DocumentKind, InvoiceContent, TermsInvalid
from kasa.domain.invoicing.invoice import (
    ACTS,
    Invoice,
    InvoiceAlreadyIssued,
    InvoiceEmpty,
    InvoiceHasMoney,
    InvoiceState,
    InvoiceWrongState,
)
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.numbering import Series
from kasa.domain.invoicing.reason import ReasonInvalid
from kasa.domain.invoicing.snapshot import Snapshot
from kasa.domain.invoicing.tax import NO_TAX
from kasa.domain.invoicing.totals import PriceMode
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.ids import InvoiceId, PaymentId, uuid7
from kasa.domain.kernel.money import USD, Money

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
DAY = date(2026, 11, 20)
NUMBER = Series(name="INV", year=2026).written(1)
SNAPSHOT = Snapshot.of("{}")
PAYMENT, OTHER = (PaymentId(uuid7(AT, letter * 10)) for letter in (b"a", b"b"))


def content(price: str = "12.50", terms_days: int | None = None) -> InvoiceContent:
    """Return one line in dollars."""
    line = LineItem(no=1, text="Rice", quantity=Decimal(1), price=Decimal(price), rate=NO_TAX)
    return InvoiceContent(
        currency=USD,
        mode=PriceMode.GROSS,
        kind=DocumentKind.PLAIN,
        lines=(line,),
        terms_days=terms_days,
    )


def draft(price: str = "12.50") -> Invoice:
    """Return a draft."""
    return Invoice.drafted(InvoiceId(uuid7(AT, bytes(10))), content(price), at=AT)


def opened(price: str = "12.50") -> Invoice:
    """Return an issued invoice."""
    return draft(price).dated(DAY, terms_days=14).issued(NUMBER, SNAPSHOT, at=LATER)


def test_a_draft_is_due_in_full_and_has_no_number() -> None:
    """Its version is 1, and it belongs to nobody."""
    made = draft()
    assert (InvoiceState.DRAFT, 1, 1250, None) == (made.state, made.version, made.due_minor, None)
    assert (AT, AT, None, None) == (
        made.created_at,
        made.updated_at,
        made.number,
        made.customer,
    )
    assert Money(1250, USD) == made.due == made.gross
    assert not made.partly_paid
    assert not made.under_review


def test_a_revised_draft_is_the_next_version() -> None:
    """Totals and due follow the content; an old version changes nothing."""
    revised = draft().revised(content("3.00"), version=1, at=LATER)
    expected = attrs.evolve(
        draft(),
        content=content("3.00"),
        totals=content("3.00").totals(),
        due_minor=300,
        version=2,
        updated_at=LATER,
    )
    assert expected == revised
    with pytest.raises(VersionStale) as refused:
        draft().revised(content(), version=2, at=LATER)
    assert 1 == refused.value.facts["current_version"]


def test_an_issued_invoice_is_open_and_dated() -> None:
    """Number, snapshot, days and moment are set; the due date counts from the issue."""
    expected = attrs.evolve(
        draft(),
        state=InvoiceState.OPEN,
        number=NUMBER,
        snapshot=SNAPSHOT,
        issue_date=DAY,
        due_date=date(2026, 12, 4),
        issued_at=LATER,
        updated_at=LATER,
        version=2,
    )
    assert expected == opened()


def test_an_invoice_over_nothing_is_paid_at_once() -> None:
    """Nothing is due, so it was paid when it was issued."""
    assert (InvoiceState.PAID, LATER) == (opened("0").state, opened("0").paid_at)
    assert opened().paid_at is None


def test_own_terms_win_over_those_of_the_shop() -> None:
    """0 days are due today; more than 365 are refused."""
    own = attrs.evolve(draft(), content=content(terms_days=0))
    assert DAY == own.dated(DAY, terms_days=14).due_date
    assert 365 == content(terms_days=365).terms_days
    for wrong in (-1, 366):
        with pytest.raises(TermsInvalid):
            content(terms_days=wrong)


def test_what_cannot_be_issued() -> None:
    """An empty draft, one without a day, and what is issued already."""
    empty = attrs.evolve(draft(), content=attrs.evolve(content(), lines=()))
    with pytest.raises(InvoiceEmpty):
        empty.dated(DAY, terms_days=1)
    with pytest.raises(ValueError, match="dated before"):
        draft().issued(NUMBER, SNAPSHOT, at=AT)
    acts: tuple[Callable[[], Invoice], ...] = (
        lambda: opened().dated(DAY, terms_days=1),
        lambda: opened().issued(NUMBER, SNAPSHOT, at=AT),
    )
    for again in acts:
        with pytest.raises(InvoiceAlreadyIssued) as refused:
            again()
        assert "INV-2026-000001" == refused.value.facts["number"]


def test_the_ends_of_an_open_invoice() -> None:
    """Written off, reinstated, void: state, reason, moment, next version."""
    lost = opened().written_off(" moved away ", at=LATER)
    assert (
        attrs.evolve(opened(), state=InvoiceState.UNCOLLECTIBLE, reason="moved away", version=3)
        == lost
    )
    again = lost.reinstated(at=LATER)
    assert attrs.evolve(opened(), version=4) == again
    for start in (opened(), lost):
        void = start.voided("a mistake", at=LATER)
        assert (InvoiceState.VOID, "a mistake") == (void.state, void.reason)
        assert start.version + 1 == void.version


@pytest.mark.parametrize("reason", ["", "no", "  no  ", "x" * 301])
def test_reasons_have_3_to_300_letters(reason: str) -> None:
    """Anything else says nothing, or too much."""
    for act in (opened().written_off, opened().voided):
        with pytest.raises((ReasonInvalid, Exception), match=r"300|long|3"):
            act(reason, at=LATER)


def test_money_and_reviews_keep_an_invoice_from_its_end() -> None:
    """A part paid, a credit note, a payment under review: no void; a review: no write-off."""
    reviewed = opened().review_started(PAYMENT, at=LATER)
    for kept in (
        attrs.evolve(opened(), due_minor=1249),
        attrs.evolve(opened(), notes=1),
        reviewed,
    ):
        with pytest.raises(InvoiceHasMoney):
            kept.voided("a mistake", at=LATER)
    with pytest.raises(InvoiceHasMoney):
        reviewed.written_off("moved away", at=LATER)


def test_reviews_start_and_end_once() -> None:
    """Each payment counts once; only a change is a new version."""
    one = opened().review_started(PAYMENT, at=LATER)
    assert (3, (PAYMENT,)) == (one.version, one.reviews)
    assert one == one.review_started(PAYMENT, at=LATER)
    two = one.review_started(OTHER, at=LATER)
    assert (PAYMENT, OTHER) == two.reviews
    left = two.review_ended(PAYMENT, at=LATER)
    assert (5, (OTHER,), True) == (left.version, left.reviews, left.under_review)
    assert left == left.review_ended(PAYMENT, at=LATER)


@pytest.mark.parametrize(
    ("days", "state", "due", "late"),
    [
        (14, InvoiceState.OPEN, 1250, False),
        (15, InvoiceState.OPEN, 1250, True),
        (15, InvoiceState.OPEN, 0, False),
        (15, InvoiceState.PAID, 0, False),
        (15, InvoiceState.UNCOLLECTIBLE, 1250, False),
    ],
)
def test_overdue_is_open_after_the_due_day(
    days: int,
    state: InvoiceState,
    due: int,
    late: bool,  # noqa: FBT001  # a column of the table
) -> None:
    """Not on the day itself, not when nothing is due, not when it was written off."""
    invoice = attrs.evolve(opened(), state=state, due_minor=due)
    assert late == invoice.overdue(DAY + timedelta(days=days))
    assert not draft().overdue(DAY)


def test_partly_paid_is_between_nothing_and_all() -> None:
    """Neither untouched nor settled."""
    dues = (0, 1, 1249, 1250)
    found = [attrs.evolve(opened(), due_minor=due).partly_paid for due in dues]
    assert [False, True, True, False] == found


@pytest.mark.parametrize("state", list(InvoiceState))
def test_a_wrong_state_names_what_is_allowed(state: InvoiceState) -> None:
    """Every state has its acts; the refusal tells both."""
    invoice = attrs.evolve(opened(), state=state)
    others = [one for one in InvoiceState if one is not state]
    invoice.require(state)
    with pytest.raises(InvoiceWrongState) as refused:
        invoice.require(*others)
    assert {"state": state.value, "allowed": ACTS[state]} == refused.value.facts
    assert state.value in refused.value.message


def test_lines_are_numbered_from_one() -> None:
    """Any other numbering is a bug of the caller."""
    second = attrs.evolve(content().lines[0], no=2)
    with pytest.raises(ValueError, match="numbered from 1"):
        attrs.evolve(content(), lines=(second,))
