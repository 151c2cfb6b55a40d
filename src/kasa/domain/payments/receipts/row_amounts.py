"""Labelled amounts beside the headline: one value for each place, over all readings (section 12).

They only ever contradict a headline or agree with it; none of them becomes one.
"""

from collections.abc import Sequence

from kasa.domain.kernel.money import KHR, USD, Currency, Money
from kasa.domain.payments.banks.shapes import Part
from kasa.domain.payments.comparisons import RIEL_PER_DOLLAR
from kasa.domain.payments.receipts.seen_amounts import SeenAmount, same_place

BARE_CONFIDENCE_MIN = 80


def rows_of_part(
    everything: Sequence[SeenAmount], part: Part, headline: Money | None
) -> tuple[Money, ...]:
    """Return the amounts behind the labels of one part, from top to bottom.

    Where the readings of one place differ, one that agrees with the headline is its value, else
    the one that most of them show. A number whose currency no reading shows counts against the
    headline only when it fits in neither currency.
    """
    places: list[list[SeenAmount]] = []
    for one in sorted((one for one in everything if one.part is part), key=lambda one: one.box.top):
        for place in places:
            if same_place(place[0].box, one.box):
                place.append(one)
                break
        else:
            places.append([one])
    found = (_amount_at(place, headline) for place in places)
    return tuple(dict.fromkeys(money for money in found if money is not None))


def _amount_at(place: Sequence[SeenAmount], headline: Money | None) -> Money | None:
    sure = [
        one.money
        for one in place
        if one.money is not None and not one.printed.needs_dollar_proof and not one.doubtful
    ]
    if not sure:
        doubtful = [one.money for one in place if one.money is not None]
        if headline is None or any(agrees(money, headline) for money in doubtful):
            return None
        return _without_currency(place, headline)
    agreeing = [money for money in sure if headline is not None and agrees(money, headline)]
    return max(dict.fromkeys(agreeing or sure), key=sure.count)


def _without_currency(place: Sequence[SeenAmount], headline: Money) -> Money | None:
    """Return a bare number as an amount that contradicts the headline, or None."""
    bare = [
        one
        for one in place
        if one.printed.currency is None and one.printed.number.is_separated and not one.doubtful
    ]
    if not any(one.confidence >= BARE_CONFIDENCE_MIN for one in bare) and len(bare) < len(place):
        return None
    values = [_moneys(one, headline.currency) for one in bare]
    if not any(values) or any(agrees(money, headline) for found in values for money in found):
        return None
    return next(money for found in values for money in found)


def _moneys(one: SeenAmount, first: Currency) -> tuple[Money, ...]:
    """Return what a number is in the headline's currency and in the other one."""
    units = dict.fromkeys((first, KHR, USD))
    found = (one.printed.number.money(unit) for unit in units)
    return tuple(money for money in found if money is not None)


def agrees(money: Money, headline: Money) -> bool:
    """Tell whether a labelled amount may be the headline: equal, or in a plausible rate to it."""
    if money.currency == headline.currency or {money.currency, headline.currency} != {KHR, USD}:
        return money == headline
    riel, dollars = (money, headline) if money.currency == KHR else (headline, money)
    lowest, highest = RIEL_PER_DOLLAR
    return lowest * dollars.minor <= riel.minor * USD.scale <= highest * dollars.minor
