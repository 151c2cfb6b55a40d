"""Where a receipt prints a side of the transfer, and what stands there (section 12)."""

import re
from collections.abc import Iterable, Sequence

import attrs

from kasa.domain.payments.account import NUMBER_DIGITS_MAX
from kasa.domain.payments.banks.shapes import Part, Payee
from kasa.domain.payments.banks.tables import ID_FORMS
from kasa.domain.payments.receipts.id_forms import compiled
from kasa.domain.payments.receipts.labels import edits_allowed, edits_within, normalised
from kasa.domain.payments.receipts.printed import folded
from kasa.domain.payments.receipts.printed_party import (
    ACCOUNT_DIGITS_MIN,
    BANK_WORD,
    DATE_FIGURES,
    NAME_LINES_MAX,
    Party,
    account_in,
    is_account_line,
    is_noise,
    name_of,
    party_of,
)
from kasa.domain.payments.receipts.regions import LaidOut, top_of_labels
from kasa.domain.payments.receipts.rows import Row, around, right_of
from kasa.domain.payments.recognition import Box, Word

BLOCK_LINES_MAX = 3
SIGN_LETTERS_MAX = 2
ACCOUNT_DIGITS_MAX = 12
_ACCOUNT_WORD = re.compile(r"\b(?:accounts?|acct?|a/c|wallet|card)\b|គណនី", re.IGNORECASE)


def payees_on(page: LaidOut, headline: Box | None, lent: Sequence[Box] = ()) -> Iterable[Party]:
    """Return the payee at each place where the layout shows one.

    ``lent`` are places of the words before the name under the headline, as any reading shows them.
    """
    for region in page.of(Part.TO):
        yield party_of(region.lines, page, f"to {region.label.top // max(1, region.label.height)}")
    place = page.layout.payee
    if headline is not None and (place is Payee.UNDER_HEADLINE or page.layout.under):
        lines = _under_headline(page, headline)
        if lines:
            yield _unprefixed(lines, page, lent)
    blocks = _blocks(page)
    if place is Payee.SECOND_BLOCK and len(blocks) > 1:
        yield party_of(blocks[1], page, "block")
    if page.layout.key == "generic" and len(blocks) == 1 and not _may_be_payers(page):
        yield party_of(blocks[0], page, "block")


def _may_be_payers(page: LaidOut) -> bool:
    """Tell whether a lone name with an account may be the payer's: his words are not beside him.

    A label of the payee tells where the payee stands; one of the payer that has its own value
    tells that the block is not his.
    """
    return page.shows(Part.TO) or (page.shows(Part.FROM) and not page.of(Part.FROM))


def loose_accounts(page: LaidOut, headline: Box | None) -> Iterable[str]:
    """Yield numbers that look like an account where the label before them cannot be read.

    They may be the payee's: a name alone must not outweigh an account that is printed.
    """
    layout = page.layout
    start = page.row_of(headline) if headline is not None else None
    printed = Part.TO_ACCOUNT in layout.labels or layout.account_below
    if start is None or not printed or layout.payee is Payee.SECOND_BLOCK:
        return
    generic = layout.key == "generic"
    longest = NUMBER_DIGITS_MAX if generic else ACCOUNT_DIGITS_MAX
    ids = [ID_FORMS[scheme] for scheme in layout.ids.values()]
    forms = [compiled(form.pattern) for form in ids if form.everywhere]
    for index, row in enumerate(page.rows):
        if (index <= start and not generic) or index in page.labelled_rows:
            continue
        words = row.segments[-1].words
        if not _tells_account(words, generic=generic) or any(page.part_of(word) for word in words):
            continue
        text = " ".join(word.text for word in words)
        number = account_in(text) or _torn_number(text)
        known_id = not generic and any(form.fullmatch(number) for form in forms)
        if ACCOUNT_DIGITS_MIN <= len(number) <= longest and not known_id:
            yield number


def _tells_account(words: Sequence[Word], *, generic: bool) -> bool:
    """Tell whether a line is an account number, or for an unknown bank speaks of one."""
    text = " ".join(word.text for word in words)
    if is_account_line(words) or (_torn_number(text) and not DATE_FIGURES.search(text)):
        return True
    return generic and bool(_ACCOUNT_WORD.search(text)) and not DATE_FIGURES.search(text)


def _torn_number(text: str) -> str:
    """Return the digits of a line that is hardly anything else, as of a number misread, or none."""
    digits = "".join(letter for letter in folded(text) if letter.isdecimal())
    others = sum(letter.isalnum() and not letter.isdecimal() for letter in folded(text))
    separated = any(mark in text for mark in ".,:$៛")
    return digits if len(digits) >= ACCOUNT_DIGITS_MIN and not others and not separated else ""


def prefixes_on(page: LaidOut, headline: Box | None) -> Iterable[Box]:
    """Yield where a page shows the words that go before the payee's name under the headline."""
    lines = _under_headline(page, headline) if headline is not None and page.layout.under else []
    found = _prefix(lines[0], page) if lines else None
    if found is not None:
        yield around(lines[0][found[0] : found[1]])


def _under_headline(page: LaidOut, headline: Box) -> list[tuple[Word, ...]]:
    """Return the line with the name under the headline, and its further line."""
    start = page.row_of(headline)
    if start is None:
        return []
    middle, top = page.rows[start].middle, top_of_labels(page)
    edge = _left_of(page.rows[start], headline) - headline.height
    lines: list[tuple[Word, ...]] = []
    last = middle
    for row in page.rows[start + 1 :]:
        if (top is not None and row.middle >= top) or row.middle > middle + 4 * headline.height:
            break
        words = tuple(word for word in row.words if word.box.left >= edge)
        if not name_of(words):
            continue
        if not lines:
            lines.append(_from_name(words))
            last = row.middle
            continue
        near = row.middle - last <= 2 * row.height + row.height // 2
        aligned = abs(words[0].box.left - lines[0][0].box.left) <= row.height
        if near and aligned and not (page.layout.name_runs and _prefix(lines[0], page) is None):
            lines.append(words)
        break
    return lines


def _left_of(row: Row, headline: Box) -> int:
    """Return where a headline begins on its line: with the minus and the sign before its number."""
    left = headline.left
    for word in reversed([one for one in row.words if one.box.left < headline.left]):
        is_sign = not any(letter.isascii() and letter.isalnum() for letter in word.text)
        if len(word.text) > SIGN_LETTERS_MAX or not is_sign or left - right_of(word) > row.height:
            break
        left = word.box.left
    return left


def _from_name(words: Sequence[Word]) -> tuple[Word, ...]:
    rest = list(words)
    while len(rest) > 1 and is_noise(rest[0].text):
        rest.pop(0)
    return tuple(rest)


def _unprefixed(lines: list[tuple[Word, ...]], page: LaidOut, lent: Sequence[Box]) -> Party:
    """Return the name behind the words that go before it; a running name may miss them."""
    first, found = lines[0], _prefix(lines[0], page)
    behind = _behind_lent(first, lent) if found is None else first[found[1] :]
    if found is not None and name_of(first[: found[0]]):
        return attrs.evolve(party_of([first[: found[0]]], page, "under"), cut=True)
    if behind:
        return attrs.evolve(party_of([behind, *lines[1:]], page, "under"), prefixed=True)
    party = party_of(lines, page, "under")
    return attrs.evolve(party, cut=True) if page.layout.name_runs else party


def _behind_lent(line: Sequence[Word], lent: Sequence[Box]) -> Sequence[Word]:
    """Return what stands behind the words that another reading shows before the name there."""
    place = around(line)
    for box in lent:
        apart = abs(2 * box.top + box.height - 2 * place.top - place.height)
        if apart <= max(box.height, place.height) and box.left >= place.left - box.height:
            return [word for word in line if word.box.left >= box.left + box.width - 2]
    return ()


def _prefix(line: Sequence[Word], page: LaidOut) -> tuple[int, int] | None:
    """Return where on a line the words begin and end that go before the payee's name, or None."""
    prefixes = [normalised(prefix) for prefix in page.layout.under]
    for start in range(len(line)):
        for end in range(start + 1, min(len(line), start + 4) + 1):
            text = normalised("".join(word.text for word in line[start:end]))
            if any(edits_within(text, one, edits_allowed(one)) is not None for one in prefixes):
                return start, end
    return None


def _blocks(page: LaidOut) -> list[list[tuple[Word, ...]]]:
    """Return names with an account number below them, outside labelled rows, top to bottom.

    A name may go on in one further line, close below it.
    """
    labelled = page.labelled_rows
    blocks: list[list[tuple[Word, ...]]] = []
    taken = -1
    for index, row in enumerate(page.rows):
        is_name = bool(name_of(row.words)) and not is_account_line(row.words)
        if index <= taken or index in labelled or not is_name:
            continue
        lines, last = [row.words], index
        for below in _column_below(page, index):
            if below.row in labelled or len(lines) == BLOCK_LINES_MAX + int(_is_long(lines)):
                break
            if not _goes_on(below, lines, page, last):
                break
            lines.append(below.words)
            last = below.row
        if any(is_account_line(line) for line in lines):
            blocks.append(lines)
            taken = last
    return blocks


def _is_long(lines: Sequence[Sequence[Word]]) -> bool:
    """Tell whether a block has two lines of name."""
    return len(lines) > 1 and not is_account_line(lines[1])


def _goes_on(below: "_Below", lines: Sequence[Sequence[Word]], page: LaidOut, last: int) -> bool:
    """Tell whether a line belongs to the block above it: an account, a bank, the name's end."""
    if is_account_line(below.words):
        return True
    if any(is_account_line(line) for line in lines):
        return bool(BANK_WORD.search(below.text))
    above, row = page.rows[last], page.rows[below.row]
    close = row.middle - above.middle <= 2 * min(above.height, row.height)
    return len(lines) < NAME_LINES_MAX and close and bool(name_of(below.words))


@attrs.frozen
class _Below:
    """What stands in the column of a name on a row below it."""

    row: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def _column_below(page: LaidOut, index: int) -> Iterable[_Below]:
    """Yield the next lines at a name's left edge; what stands left of it is an icon."""
    edge = _from_name(page.rows[index].words)[0].box.left
    last = page.rows[index]
    for place in range(index + 1, min(len(page.rows), index + 1 + 2 * BLOCK_LINES_MAX)):
        row = page.rows[place]
        words = tuple(word for word in row.words if word.box.left >= edge - last.height)
        if not words:
            continue
        if row.middle - last.middle > 3 * last.height:
            return
        if abs(words[0].box.left - edge) > 2 * last.height:
            return
        yield _Below(place, words)
        last = Row(words, row.middle)
