"""Amounts on a page, and the headline among them: the largest, with its currency (section 12)."""

from collections.abc import Iterable, Sequence

import attrs

from kasa.domain.kernel.money import KHR, USD, Currency, Money
from kasa.domain.payments.banks.shapes import Part
from kasa.domain.payments.evidence import UNREADABLE, FieldReading, FieldState
from kasa.domain.payments.printed import (
    MINUS_SIGNS,
    PrintedAmount,
    currency_of_code,
    parse_token,
    sign_currency,
)
from kasa.domain.payments.recognition import Box, Languages, Word
from kasa.domain.payments.regions import LaidOut, top_of_labels
from kasa.domain.payments.rows import right_of

NOT_HEADLINES = frozenset(Part) - {Part.AMOUNT}
SAME_HEIGHT_PERCENT = 15
SPACES_MAX = 2
SIGNS_BEFORE_AS = "4"
SIGNS_BEHIND_AS = "34"
BARE_CONFIDENCE_MIN = 60


@attrs.frozen(kw_only=True)
class SeenAmount:
    """A number on a page, with or without a currency on its line.

    ``doubtful``: the sign may have become one of its digits, or a separator was misread; it
    needs a second reading.
    """

    printed: PrintedAmount
    box: Box
    row: int
    part: Part | None
    languages: Languages
    confidence: int
    doubtful: bool = False

    @property
    def money(self) -> Money | None:
        """The amount, when its currency was read."""
        return self.printed.money


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


def amounts_on(page: LaidOut) -> tuple[SeenAmount, ...]:
    """Return every number of a page that could be an amount, in reading order."""
    khmer_only = page.page.languages is Languages.KHMER
    found: list[SeenAmount] = []
    for index, row in enumerate(page.rows):
        for place, word in enumerate(row.words):
            seen = _amount_at(row.words, place, khmer_only=khmer_only)
            if seen is None:
                continue
            printed, doubtful = seen
            found.append(
                SeenAmount(
                    printed=printed,
                    box=word.box,
                    row=index,
                    part=page.part_of(word),
                    languages=page.page.languages,
                    confidence=word.confidence,
                    doubtful=doubtful,
                )
            )
    return tuple(found)


def _amount_at(
    words: Sequence[Word], place: int, *, khmer_only: bool
) -> tuple[PrintedAmount, bool] | None:
    """Return the number in a word with the sign, code or minus in the words that touch it."""
    word = words[place]
    text, mended = word.text, False
    if khmer_only and "|" in text:
        text, mended = text.replace("|", ","), True
    printed = parse_token(text, khmer_only=khmer_only)
    if printed is None or len(printed.number.digits) > 12:
        return None
    before = words[place - 1] if place and _touch(words[place - 1], word) else None
    behind = words[place + 1] if place + 1 < len(words) and _touch(word, words[place + 1]) else None
    sign_before = printed.signed and not text[:1].isdigit()
    unit, signed, minus = printed.currency, printed.signed, printed.minus
    if unit is None and behind is not None:
        unit = sign_currency(behind.text, khmer_only=khmer_only)
        signed = unit is not None
        unit = unit or currency_of_code(behind.text)
    if unit is None and before is not None:
        unit = sign_currency(before.text, khmer_only=khmer_only)
        signed = sign_before = unit is not None
        unit = unit or currency_of_code(before.text, exact=True)
    if signed and unit == KHR and printed.number.money(KHR) is None:
        unit, signed = None, False
    minus = minus or any(_is_minus(words, place, back) for back in (1, 2))
    printed = attrs.evolve(printed, currency=unit, signed=signed, minus=minus)
    digits = printed.number.digits
    near_sign = digits[0] in SIGNS_BEFORE_AS if sign_before else digits[-1] in SIGNS_BEHIND_AS
    return printed, mended or (signed and unit == KHR and near_sign)


def _touch(left: Word, right: Word) -> bool:
    gap = right.box.left - right_of(left)
    return gap <= SPACES_MAX * min(left.box.height, right.box.height)


def _is_minus(words: Sequence[Word], place: int, back: int) -> bool:
    """Tell whether the word one or two before is a minus, with nothing but a sign between."""
    if place < back or not _touch(words[place - back], words[place - back + 1]):
        return False
    text = words[place - back].text.strip()
    if back == 1:
        return text in set(MINUS_SIGNS) or (len(text) <= 2 and text[:1] in MINUS_SIGNS)
    between = words[place - 1].text
    return text in set(MINUS_SIGNS) and len(between) <= 2


def read_amounts(pages: Sequence[LaidOut]) -> Amounts:
    """Return headline, currency and labelled amounts of a picture, over all its readings."""
    by_page = [amounts_on(page) for page in pages]
    heads = [_headlines(page, found) for page, found in zip(pages, by_page, strict=True)]
    everything = [amount for found in by_page for amount in found]
    believed = _believed([one for head in heads for one in head], everything)
    labelled = _labelled(by_page)
    fee = _most_seen(labelled.get(Part.FEE, ()))
    headline_parts = {one.part for one in believed}
    rows = [
        money
        for part in (Part.AMOUNT, Part.TOTAL)
        if part not in headline_parts or len(headline_parts) > 1
        for money in _distinct(labelled.get(part, ()))
    ]
    return Amounts(
        headline=_field(believed, pages),
        currency=_currency(believed),
        rows=tuple(rows),
        debited=_most_seen(labelled.get(Part.DEBIT, ())),
        fee=fee,
        minus=any(one.printed.minus for one in believed),
        place=_place(believed, heads),
    )


def _headlines(page: LaidOut, found: Sequence[SeenAmount]) -> tuple[SeenAmount, ...]:
    """Return the headline of one page: one amount, or those that contest each other.

    A larger number without a currency takes the currency of an amount row of the same value; if
    no row has it, it stays without one and the page shows no headline.
    """
    fitting = [one for one in found if one.part not in NOT_HEADLINES and _fits(page, one)]
    with_unit = [one for one in fitting if one.money is not None]
    if not with_unit:
        with_unit = _total_alone(page, found)
    bare = [one for one in fitting if one.money is None and _is_headline_number(one)]
    if not with_unit:
        return tuple(sorted(bare, key=lambda one: -one.box.height)[:1])
    best = max(with_unit, key=lambda one: (one.box.height, -one.row))
    larger = [one for one in bare if _is_taller(one, best)]
    if larger:
        top = max(larger, key=lambda one: one.box.height)
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
    return one.confidence >= BARE_CONFIDENCE_MIN and len(one.printed.number.digits) >= 2


def _is_taller(one: SeenAmount, other: SeenAmount) -> bool:
    return one.box.height * 100 > other.box.height * (100 + SAME_HEIGHT_PERCENT)


def _rivals(page: LaidOut, one: SeenAmount, best: SeenAmount) -> bool:
    """Tell whether another amount contests the headline: as large, or signed in the header."""
    if not _is_taller(best, one):
        return True
    top = top_of_labels(page)
    in_header = one.part is None and (top is None or one.box.top < top)
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
    ]


def _seen_again(one: SeenAmount, everything: Sequence[SeenAmount]) -> bool:
    """Tell whether another place or reading shows the same number."""
    return any(
        other is not one
        and other.printed.number == one.printed.number
        and (other.languages is not one.languages or other.row != one.row)
        for other in everything
    )


def _field(believed: Sequence[SeenAmount], pages: Sequence[LaidOut]) -> FieldReading[Money]:
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


def _place(
    believed: Sequence[SeenAmount], heads: Sequence[Sequence[SeenAmount]]
) -> Box | None:
    """Return where the headline stands, also when its currency was not read."""
    return next((one.box for one in (*believed, *(one for head in heads for one in head))), None)


def _currency(believed: Sequence[SeenAmount]) -> FieldReading[Currency]:
    units = list(dict.fromkeys(one.printed.currency for one in believed if one.printed.currency))
    if len(units) != 1:
        return UNREADABLE
    return FieldReading(state=FieldState.READ, value=units[0], seen=len(believed), engines=1)


def _labelled(
    by_page: Iterable[Sequence[SeenAmount]],
) -> dict[Part, list[Money]]:
    """Return the amounts behind labels, over all readings."""
    found: dict[Part, list[Money]] = {}
    for page in by_page:
        for one in page:
            if one.part is None or one.money is None:
                continue
            if one.printed.needs_dollar_proof or one.doubtful:
                continue
            found.setdefault(one.part, []).append(one.money)
    return found


def _distinct(values: Iterable[Money | None]) -> tuple[Money, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _most_seen(values: Sequence[Money]) -> Money | None:
    """Return the value that most readings show, the first of equals, or None."""
    return max(dict.fromkeys(values), key=values.count, default=None) if values else None
