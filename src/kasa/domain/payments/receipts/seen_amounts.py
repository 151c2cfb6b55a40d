"""Every number on a page that could be an amount, with what touches it (section 12)."""

import re
from collections.abc import Sequence

import attrs

from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.banks.shapes import Part
from kasa.domain.payments.receipts.printed import (
    MINUS_SIGNS,
    PrintedAmount,
    currency_of_code,
    parse_token,
    sign_currency,
)
from kasa.domain.payments.receipts.regions import LaidOut
from kasa.domain.payments.receipts.rows import right_of
from kasa.domain.payments.recognition import Box, Languages, Word

SIGNS_BEFORE_AS = "4"
SIGNS_BEHIND_AS = "34"
DIGITS_MAX = 12
ENDS_OF_A_PART = frozenset("0123456789០១២៣៤៥៦៧៨៩.,*•")
"""Digits, separators and masks: a number beside one of them is a part of a longer number."""

BRACKETED = re.compile(r"\(.*\)")


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
    if printed is None or len(printed.number.digits) > DIGITS_MAX:
        return None
    if _is_torn(words, place):
        return None
    before = words[place - 1] if place and _touch(words[place - 1], word) else None
    behind = words[place + 1] if place + 1 < len(words) and _touch(word, words[place + 1]) else None
    sign_first = printed.sign_first
    unit, signed, minus = printed.currency, printed.signed, printed.minus
    if unit is None and behind is not None:
        unit = sign_currency(behind.text, khmer_only=khmer_only)
        signed = unit is not None
        in_brackets = BRACKETED.fullmatch(behind.text) and not printed.number.is_separated
        unit = unit or (None if in_brackets else currency_of_code(behind.text))
    if unit is None and before is not None:
        unit = sign_currency(before.text, khmer_only=khmer_only)
        signed = sign_first = unit is not None
        bare = before.text.lstrip(MINUS_SIGNS)
        unit = unit or currency_of_code(bare, exact=True)
        minus = minus or (unit is not None and bare != before.text)
    if signed and unit == KHR and printed.number.money(KHR) is None:
        unit, signed = None, False
    minus = minus or any(_is_minus(words, place, back) for back in (1, 2))
    printed = attrs.evolve(
        printed, currency=unit, signed=signed, minus=minus, sign_first=sign_first
    )
    digits = printed.number.digits
    near_sign = digits[0] in SIGNS_BEFORE_AS if sign_first else digits[-1] in SIGNS_BEHIND_AS
    return printed, mended or printed.noise or (signed and unit == KHR and near_sign)


def same_place(one: Box, other: Box) -> bool:
    """Tell whether two boxes of one picture lie over each other."""
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return 2 * across > min(one.width, other.width) and 2 * down > min(one.height, other.height)


def _is_torn(words: Sequence[Word], place: int) -> bool:
    """Tell whether a number goes on in the word beside it, as accounts do: words are not glued."""
    word = words[place]
    pairs = []
    if place:
        pairs.append((words[place - 1], word))
    if place + 1 < len(words):
        pairs.append((word, words[place + 1]))
    return any(
        right.box.left - right_of(left) <= max(left.box.height, right.box.height)
        and left.text[-1:] in ENDS_OF_A_PART
        and right.text[:1] in ENDS_OF_A_PART
        for left, right in pairs
    )


def _touch(left: Word, right: Word) -> bool:
    gap = right.box.left - right_of(left)
    return gap <= max(left.box.height, right.box.height)


def _is_minus(words: Sequence[Word], place: int, back: int) -> bool:
    """Tell whether the word one or two before is a minus, with nothing but a sign between."""
    if place < back or not _touch(words[place - back], words[place - back + 1]):
        return False
    text = words[place - back].text.strip()
    if back == 1:
        return text in set(MINUS_SIGNS) or (len(text) <= 2 and text[:1] in MINUS_SIGNS)
    between = words[place - 1].text
    return text in set(MINUS_SIGNS) and len(between) <= 2
