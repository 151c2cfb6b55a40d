"""Credit notes: parts of an invoice taken back, rounded so that they sum to it exactly."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

import attrs

from kasa.domain.invoicing.accounting_currency import AccountingFigures
from kasa.domain.invoicing.numbering import InvoiceNumber
from kasa.domain.invoicing.returned_goods import ReturnedGoods
from kasa.domain.invoicing.snapshot import Snapshot
from kasa.domain.invoicing.totals import PriceMode, Totals
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import CreditNoteId, InvoiceId
from kasa.domain.kernel.money import CurrencyMismatch, ExchangeRate, Money, rounded

NOTES_LIMIT = 50
TEXT_LIMIT = 500


class CreditTooMuch(Invalid):
    """More than what is left of this line or charge cannot be credited."""

    code = "credit.too_much"


class CreditLineInvalid(Invalid):
    """A credit note names lines or charges that the invoice has, each once, above 0."""

    code = "credit.line"


class TooManyNotes(Invalid):
    """An invoice has at most 50 credit notes."""

    code = "credit.too_many"


class CreditReason(StrEnum):
    """Why something is credited."""

    RETURN = "return"
    PRICE_CORRECTION = "price_correction"
    CANCELLATION = "cancellation"
    GOODWILL = "goodwill"
    OTHER = "other"


@attrs.frozen(kw_only=True)
class CreditPart:
    """An amount to credit, before document discounts, of one line or one charge (from 1)."""

    amount: Money
    line_no: int | None = None
    charge_no: int | None = None

    def __attrs_post_init__(self) -> None:
        if (self.line_no is None) == (self.charge_no is None) or self.amount.minor <= 0:
            raise CreditLineInvalid


@attrs.frozen(kw_only=True)
class CreditFigures:
    """What a note takes: ``discount`` given back, per group ``bases`` and ``taxes``, the sums.

    Groups are those of the invoice's totals, in their order.
    """

    discount: int
    bases: tuple[int, ...]
    taxes: tuple[int, ...]
    net: int
    tax: int
    total: int


@attrs.frozen(kw_only=True)
class CreditNote:
    """A credit note, issued in one step and never changed."""

    id: CreditNoteId
    invoice: InvoiceId
    number: InvoiceNumber
    issue_date: date
    issued_at: datetime
    reason: CreditReason
    text: str
    parts: tuple[CreditPart, ...]
    figures: CreditFigures
    accounting: AccountingFigures | None = None
    snapshot: Snapshot | None = None


@attrs.frozen(kw_only=True)
class WantedNote:
    """A credit note as a person asks for it; without ``parts`` it takes everything that is left.

    ``restock`` names goods that come back with it.
    """

    reason: CreditReason
    parts: tuple[CreditPart, ...] = ()
    text: str = ""
    restock: tuple[ReturnedGoods, ...] = ()


def figures(
    totals: Totals, before: Sequence[CreditPart], parts: Sequence[CreditPart]
) -> CreditFigures:
    """Return what a note over ``parts`` takes after those of earlier notes.

    Everything is rounded on what was credited so far, and a note takes the difference, so notes
    over a whole invoice sum to it exactly. Raise ``credit.line`` or ``credit.too_much``.
    """
    _check_once(parts)
    return _difference(totals, before, parts)


def _difference(
    totals: Totals, before: Sequence[CreditPart], parts: Sequence[CreditPart]
) -> CreditFigures:
    old = _so_far(totals, _credited(totals, before))
    new = _so_far(totals, _credited(totals, [*before, *parts]))
    values = [after - first for after, first in zip(new.values, old.values, strict=True)]
    taxes = tuple(after - first for after, first in zip(new.taxes, old.taxes, strict=True))
    if totals.mode is PriceMode.GROSS:
        values = [value - tax for value, tax in zip(values, taxes, strict=True)]
    return CreditFigures(
        discount=new.discount - old.discount,
        bases=tuple(values),
        taxes=taxes,
        net=sum(values),
        tax=sum(taxes),
        total=sum(values) + sum(taxes),
    )


def accounting_of_note(
    totals: Totals,
    rate: ExchangeRate,
    before: Sequence[CreditPart],
    parts: Sequence[CreditPart],
) -> AccountingFigures:
    """Return a note's figures in the accounting currency, from the sums credited so far."""
    old = _converted(totals, rate, _difference(totals, (), before))
    new = _converted(totals, rate, _difference(totals, (), [*before, *parts]))
    taxes = tuple(after - first for after, first in zip(new.taxes, old.taxes, strict=True))
    gross, tax = new.gross - old.gross, sum(taxes)
    return AccountingFigures(rate=rate, taxes=taxes, net=gross - tax, tax=tax, gross=gross)


def everything_left(totals: Totals, before: Sequence[CreditPart]) -> tuple[CreditPart, ...]:
    """Return the parts of a note over all that is not credited yet."""
    credited, unit = _credited(totals, before), totals.currency
    lines = [line.value - done for line, done in zip(totals.lines, credited.lines, strict=True)]
    extra = [one.amount - done for one, done in zip(totals.charges, credited.charges, strict=True)]
    return tuple(
        [CreditPart(line_no=no, amount=Money(left, unit)) for no, left in _left(lines)]
        + [CreditPart(charge_no=no, amount=Money(left, unit)) for no, left in _left(extra)]
    )


def merged(parts: Iterable[CreditPart]) -> tuple[CreditPart, ...]:
    """Return one part per line and charge, their amounts added."""
    sums: dict[tuple[int | None, int | None], Money] = {}
    for part in parts:
        place = (part.line_no, part.charge_no)
        sums[place] = sums[place] + part.amount if place in sums else part.amount
    return tuple(
        CreditPart(amount=amount, line_no=line, charge_no=charge)
        for (line, charge), amount in sums.items()
    )


@attrs.frozen
class _Credited:
    lines: list[int]
    charges: list[int]


@attrs.frozen
class _SoFar:
    discount: int
    values: list[int]
    taxes: list[int]


def _left(amounts: Sequence[int]) -> list[tuple[int, int]]:
    return [(no, amount) for no, amount in enumerate(amounts, start=1) if amount]


def _check_once(parts: Sequence[CreditPart]) -> None:
    if not parts or len(merged(parts)) != len(parts):
        raise CreditLineInvalid


def _credited(totals: Totals, parts: Sequence[CreditPart]) -> _Credited:
    """Return what is credited of each line and charge, within what they have."""
    done = _Credited([0] * len(totals.lines), [0] * len(totals.charges))
    for part in parts:
        if part.amount.currency != totals.currency:
            raise CurrencyMismatch(left=part.amount.currency.code, right=totals.currency.code)
        column, no = done.lines, part.line_no
        if no is None:
            column, no = done.charges, part.charge_no
        if no is None or not 1 <= no <= len(column):
            raise CreditLineInvalid
        column[no - 1] += part.amount.minor
    for no, (line, credited) in enumerate(zip(totals.lines, done.lines, strict=True), start=1):
        if credited > line.value:
            raise CreditTooMuch(line_no=no)
    for no, (charge, credited) in enumerate(
        zip(totals.charges, done.charges, strict=True), start=1
    ):
        if credited > charge.amount:
            raise CreditTooMuch(charge_no=no)
    return done


def _so_far(totals: Totals, credited: _Credited) -> _SoFar:
    """Return discount, value and tax per group of everything credited so far."""
    values = [0] * len(totals.groups)
    discount = 0
    for line, amount in zip(totals.lines, credited.lines, strict=True):
        less = rounded(line.document_discount * amount, line.value) if line.value else 0
        discount += less
        values[line.group] += amount - less
    for charge, amount in zip(totals.charges, credited.charges, strict=True):
        values[charge.group] += amount
    taxes = [
        totals.mode.tax(value, group.rate)
        for value, group in zip(values, totals.groups, strict=True)
    ]
    return _SoFar(discount, values, taxes)


def _converted(totals: Totals, rate: ExchangeRate, note: CreditFigures) -> AccountingFigures:
    def converted(minor: int) -> int:
        return rate.convert(Money(minor, totals.currency)).minor

    taxes = tuple(converted(tax) for tax in note.taxes)
    gross = converted(note.total)
    return AccountingFigures(
        rate=rate, taxes=taxes, net=gross - sum(taxes), tax=sum(taxes), gross=gross
    )
