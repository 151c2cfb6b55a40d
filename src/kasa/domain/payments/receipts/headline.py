"""Amounts on a page, and the headline among them: the largest, with its currency (section 12)."""

from collections.abc import Iterable, Sequence

import attrs

from kasa.domain.kernel.money import KHR, USD, Currency, Money
from kasa.domain.payments.banks.shapes import Part
from kasa.domain.payments.evidence import UNREADABLE, FieldReading, FieldState
from kasa.domain.payments.receipts.regions import LaidOut, top_of_labels
from kasa.domain.payments.receipts.row_amounts import rows_of_part
from kasa.domain.payments.receipts.seen_amounts import SeenAmount, amounts_on, same_place
from kasa.domain.payments.recognition import Box, Languages

NOT_HEADLINES = frozenset(Part) - {Part.AMOUNT}
REPEATING = frozenset({Part.AMOUNT, Part.TOTAL, Part.DEBIT})
SAME_HEIGHT_PERCENT = 15
BARE_CONFIDENCE_MIN = 60
SURE_SIGNS = 2


@attrs.frozen(kw_only=True)
class Amounts:
    """What all readings together say about money; ``place`` is where the headline stands."""

    headline: FieldReading[Money]
    currency: FieldReading[Currency]
    rows: tuple[Money, ...] = ()
    debited: Money | None = None
    fee: Money | None = None
    minus: bool = False
    place: Box | None = None

    @property
    def number_seen(self) -> bool:
        """Whether a headline stands there, be its currency read or not."""
        return self.place is not None


NO_AMOUNTS = Amounts(headline=UNREADABLE, currency=UNREADABLE)


def read_amounts(pages: Sequence[LaidOut]) -> Amounts:
    """Return headline, currency and labelled amounts of a picture, over all its readings."""
    by_page = [amounts_on(page) for page in pages]
    heads = [_headlines(page, found) for page, found in zip(pages, by_page, strict=True)]
    everything = [amount for found in by_page for amount in found]
    shown = [one for head in heads for one in head]
    believed = _believed(shown, everything) or _repeated(shown, everything)
    field = _field(believed)
    beside = [one for one in everything if not _is_one_of(one, believed)]
    rows = [
        money
        for part in (Part.AMOUNT, Part.TOTAL)
        for money in rows_of_part(beside, part, field.value)
    ]
    debits = rows_of_part(beside, Part.DEBIT, field.value)
    return Amounts(
        headline=field,
        currency=_currency(believed) if believed else _currency_of_rows(rows),
        rows=tuple(rows),
        debited=debits[0] if debits else None,
        fee=next(iter(rows_of_part(everything, Part.FEE, None)), None),
        minus=any(one.printed.minus for one in believed),
        place=_place(believed, heads),
    )


def _repeated(shown: Sequence[SeenAmount], everything: Sequence[SeenAmount]) -> list[SeenAmount]:
    """Return bare headlines with the currency of a labelled row that repeats their number.

    No rate turns an amount into the same figures of the other currency. Every reading has to show
    this number; one by the Khmer data alone counts only for its sign.
    """
    heads = [one for one in shown if one.languages is not Languages.KHMER]
    numbers = {one.printed.number for one in heads}
    if len(numbers) != 1 or any(one.printed.currency is not None for one in heads):
        return []
    units = {
        one.printed.currency
        for one in everything
        if one.part in REPEATING
        and one.printed.number in numbers
        and one.money is not None
        and not (one.doubtful or one.printed.needs_dollar_proof or _is_one_of(one, heads))
    }
    if len(units) != 1:
        return []
    unit = units.pop()
    return [attrs.evolve(one, printed=attrs.evolve(one.printed, currency=unit)) for one in heads]


def _currency_of_rows(rows: Sequence[Money]) -> FieldReading[Currency]:
    """Return the currency of the labelled amounts where no headline can be read."""
    units = list(dict.fromkeys(row.currency for row in rows))
    if len(units) != 1:
        return UNREADABLE
    return FieldReading(state=FieldState.READ, value=units[0], seen=len(rows), engines=1)


def _is_one_of(one: SeenAmount, headlines: Sequence[SeenAmount]) -> bool:
    """Tell whether an amount stands where a headline does."""
    return any(same_place(one.box, headline.box) for headline in headlines)


def _headlines(page: LaidOut, found: Sequence[SeenAmount]) -> tuple[SeenAmount, ...]:
    """Return the headline of one page: one amount, or those that contest each other.

    A larger number without a currency takes the currency of an amount row of the same value; if
    no row has it, it stays without one and the page shows no headline.
    """
    fitting = [one for one in found if one.part not in NOT_HEADLINES and _fits(page, one)]
    if page.layout.repeats_amount:
        fitting = [one for one in fitting if one.part is None]
    with_unit = [one for one in fitting if one.money is not None]
    if not with_unit:
        with_unit = _total_alone(page, found)
    bare = [one for one in fitting if one.money is None and _is_headline_number(one)]
    if not with_unit:
        return tuple(sorted(bare, key=lambda one: -one.box.height)[:1])
    best = max(with_unit, key=lambda one: (one.box.height, -one.row))
    rivals = [one for one in bare if not _is_taller(best, one)]
    if rivals:
        top = max(rivals, key=lambda one: one.box.height)
        if top.printed.number.money(best.printed.currency or KHR) != best.money:
            return (top,)
    rivals = [one for one in with_unit if one.money != best.money and _rivals(page, one, best)]
    return (best, *rivals)


def _fits(page: LaidOut, one: SeenAmount) -> bool:
    """Tell whether a number has the layout's minus, or has none where the layout has none."""
    if page.layout.minus:
        return one.printed.minus
    return page.layout.key == "generic" or not one.printed.minus


def _is_headline_number(one: SeenAmount) -> bool:
    return (
        one.confidence >= BARE_CONFIDENCE_MIN
        and one.part is None
        and one.printed.number.is_separated
    )


def _is_taller(one: SeenAmount, other: SeenAmount) -> bool:
    return one.box.height * 100 > other.box.height * (100 + SAME_HEIGHT_PERCENT)


def _rivals(page: LaidOut, one: SeenAmount, best: SeenAmount) -> bool:
    """Tell whether another amount contests the headline: as large, or signed in the header."""
    if not _is_taller(best, one):
        return True
    top = top_of_labels(page)
    in_header = one.part is None and (top is None or page.rows[one.row].middle < top)
    return in_header and one.printed.minus and page.layout.minus


def _total_alone(page: LaidOut, found: Sequence[SeenAmount]) -> list[SeenAmount]:
    """Return the total of an unknown bank's receipt that prints no other amount and no fee."""
    if page.layout.key != "generic":
        return []
    fees = [one for one in found if one.part is Part.FEE]
    if any(one.printed.number.digits.strip("0") for one in fees):
        return []
    return [one for one in found if one.part is Part.TOTAL and one.money is not None]


def _believed(heads: Sequence[SeenAmount], everything: Sequence[SeenAmount]) -> list[SeenAmount]:
    """Return the headlines whose currency may be believed (riel sign, dollar sign)."""
    khmer_dollars = {
        one.printed.number
        for one in everything
        if one.languages is Languages.KHMER and one.printed.currency == USD
    }
    return [
        one
        for one in heads
        if one.money is not None
        and (not one.printed.needs_dollar_proof or one.printed.number in khmer_dollars)
        and (not one.doubtful or _seen_again(one, everything))
        and not _is_misread(one, everything)
        and not _is_foreign_once(one, everything)
    ]


def _seen_again(one: SeenAmount, everything: Sequence[SeenAmount]) -> bool:
    """Tell whether another place or reading shows the same number, or took its sign for a digit."""
    return any(
        other is not one
        and (
            (
                other.printed.number == one.printed.number
                and not (one.printed.noise and other.printed.noise)
                and (other.languages is not one.languages or other.row != one.row)
            )
            or _has_sign_as_digit(other, one)
        )
        for other in everything
    )


def _has_sign_as_digit(other: SeenAmount, one: SeenAmount) -> bool:
    """Tell whether another reading shows the same digits and one more where the sign stands."""
    if one.languages is not Languages.KHMER or other.languages is Languages.KHMER:
        return False
    digits, longer = one.printed.number.digits, other.printed.number.digits
    beside = longer[1:] if one.printed.sign_first else longer[:-1]
    return digits == beside and same_place(one.box, other.box)


def _is_foreign_once(one: SeenAmount, everything: Sequence[SeenAmount]) -> bool:
    """Tell whether a foreign sign stands alone: the riel sign is often read as one.

    It counts when two readings show it with the same number and none shows the riel sign.
    """
    if not one.printed.signed or one.printed.currency in {KHR, USD}:
        return False
    same = [other for other in everything if other.printed.number == one.printed.number]
    riel = any(other.printed.currency == KHR for other in same)
    readings = [other for other in same if other.printed.currency == one.printed.currency]
    return riel or len({(other.languages, other.box) for other in readings}) < SURE_SIGNS


def _is_misread(one: SeenAmount, everything: Sequence[SeenAmount]) -> bool:
    """Tell whether the Khmer data, which alone sees the riel sign, reads other digits.

    Readings that take the sign for a digit agree with it but for that digit. Latin codes are
    not what the Khmer data is asked for.
    """
    if one.languages is not Languages.KHMER:
        return False
    if not one.printed.signed:
        return True
    digits = one.printed.number.digits
    others = [
        other.printed.number.digits
        for other in everything
        if other.languages is not Languages.KHMER and same_place(one.box, other.box)
    ]
    return bool(others) and not any(digits in (text, text[1:], text[:-1]) for text in others)


def _field(believed: Sequence[SeenAmount]) -> FieldReading[Money]:
    values = _distinct([one.money for one in believed])
    if not values:
        return UNREADABLE
    best = believed[0]
    if len(values) > 1:
        return FieldReading(state=FieldState.CONTESTED, candidates=values, box=best.box)
    return FieldReading(
        state=FieldState.READ,
        value=values[0],
        seen=len(believed),
        engines=1,
        labelled=True,
        box=best.box,
    )


def _place(believed: Sequence[SeenAmount], heads: Sequence[Sequence[SeenAmount]]) -> Box | None:
    """Return where the headline stands, also when its currency was not read."""
    return next((one.box for one in (*believed, *(one for head in heads for one in head))), None)


def _currency(believed: Sequence[SeenAmount]) -> FieldReading[Currency]:
    units = list(dict.fromkeys(one.printed.currency for one in believed if one.printed.currency))
    if len(units) != 1:
        return UNREADABLE
    return FieldReading(state=FieldState.READ, value=units[0], seen=len(believed), engines=1)


def _distinct(values: Iterable[Money | None]) -> tuple[Money, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))
