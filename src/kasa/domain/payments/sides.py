"""Where a receipt prints a side of the transfer, and what stands there (section 12)."""

import re
from collections.abc import Iterable, Sequence

import attrs

from kasa.domain.payments.account import NUMBER_DIGITS_MAX
from kasa.domain.payments.banks.shapes import Part, Payee
from kasa.domain.payments.banks.tables import ID_FORMS
from kasa.domain.payments.id_forms import compiled
from kasa.domain.payments.labels import edits_allowed, edits_within, normalised
from kasa.domain.payments.printed import currency_of_code, folded
from kasa.domain.payments.recognition import Box, Languages, Word
from kasa.domain.payments.regions import LaidOut, top_of_labels
from kasa.domain.payments.rows import Row

ACCOUNT_DIGITS_MIN = 6
ACCOUNT_DIGITS_MAX = 12
MASKS = "*Xx•●·"
NAME_LETTERS_MIN = 3
NAME_LINES_MAX = 2
BLOCK_LINES_MAX = 3
_ACCOUNT = re.compile(r"[0-9*Xx•●·]{1,20}(?:[ -][0-9*Xx•●·]{1,20}){0,6}")
_BANK = re.compile(r"\b(?:bank|limited|ltd|plc|wallet)\b|ធនាគារ", re.IGNORECASE)
_ACCOUNT_WORD = re.compile(r"\b(?:accounts?|acct?|a/c|wallet|card)\b|គណនី", re.IGNORECASE)
_PIPE_AS_LETTER = re.compile(r"[|!](?=[A-Z])|(?<=[A-Z])[|!]")
_DATE = re.compile(r"[0-9]:[0-9]{2}|[0-9]{4}[-/.][0-9]{2}[-/.]|[-/.][0-9]{2}[-/.][0-9]{4}")
_INITIAL = re.compile(r"[A-Z0-9][.,]")
_ELLIPSIS = re.compile(r"(?:\.\.+|…)\s*$")


@attrs.frozen(kw_only=True)
class Party:
    """One side of a transfer as one place of one reading prints it.

    ``prefixed``: the words that go before the name were read, so nothing of them is in it.
    """

    name: str = ""
    account: str = ""
    bank: str = ""
    cut: bool = False
    prefixed: bool = False
    place: str = ""
    languages: Languages = Languages.BOTH
    box: Box | None = None


def account_in(text: str) -> str:
    """Return the account number in a text, masks as ``*`` and without spaces, or nothing."""
    for found in _ACCOUNT.finditer(folded(text)):
        number = re.sub("[ -]", "", found[0])
        for mask in MASKS:
            number = number.replace(mask, "*")
        digits = sum(letter.isdigit() for letter in number)
        if len(number) >= ACCOUNT_DIGITS_MIN and digits >= NAME_LETTERS_MIN:
            return number
    return ""


def is_account_line(words: Sequence[Word]) -> bool:
    """Tell whether a line is an account number and nothing else of weight."""
    text = folded(" ".join(word.text for word in words))
    number = account_in(text)
    if _DATE.search(text):
        return False
    return bool(number) and len(re.sub(r"[\W_]", "", text)) <= len(number.replace("*", "")) + 4


def _is_noise(text: str) -> bool:
    """Tell whether a word before a name is an icon: fewer than two letters, and no initial.

    An initial may be read as a digit.
    """
    if _INITIAL.fullmatch(text):
        return False
    return sum(letter.isalpha() for letter in text) < 2


def _name_of(words: Sequence[Word]) -> str:
    """Return a line's name: without noise before it and after it."""
    rest = [word.text for word in words]
    while rest and _is_noise(rest[0]):
        rest.pop(0)
    latin = sum("A" <= letter <= "z" for text in rest for letter in text)
    if latin >= NAME_LETTERS_MIN:
        while rest and not any(letter.isascii() and letter.isalnum() for letter in rest[-1]):
            rest.pop()
    text = _PIPE_AS_LETTER.sub("I", " ".join(rest)).strip(" :>→|៖")
    long_enough = sum(letter.isalpha() for letter in text) >= NAME_LETTERS_MIN
    return text if long_enough and currency_of_code(text) is None else ""


def party_of(lines: Sequence[Sequence[Word]], page: LaidOut, place: str) -> Party:
    """Return what some lines say: a name first, then its further line, account and bank."""
    name, account, bank, lines_of_name = "", "", "", 0
    cut = False
    for line in lines:
        text = " ".join(word.text for word in line)
        number = account_in(text)
        rest = _name_of([word for word in line if not _is_part_of(word, number)])
        account = account or number
        if not rest:
            continue
        if name and _BANK.search(rest):
            bank = f"{bank} {rest}".strip()
        elif bank:
            bank = f"{bank} {rest}" if not account else bank
        elif lines_of_name < NAME_LINES_MAX and not (account and name and not number):
            name = f"{name} {rest}".strip()
            lines_of_name += 1
            cut = bool(_ELLIPSIS.search(text))
    box = line_box(lines)
    return Party(
        name=name,
        account=account,
        bank=bank,
        cut=cut,
        place=place,
        languages=page.page.languages,
        box=box,
    )


def _is_part_of(word: Word, number: str) -> bool:
    digits = re.sub(r"[^0-9*]", "", re.sub(r"[Xx•●·]", "*", folded(word.text)))
    return bool(
        number
        and digits
        and digits in number
        and not any(c in "abcdefghijklmnopqrstuvwyz" for c in word.text.lower())
    )


def line_box(lines: Sequence[Sequence[Word]]) -> Box | None:
    """Return the place of the first word, or None."""
    return lines[0][0].box if lines and lines[0] else None


def payees_on(page: LaidOut, headline: Box | None) -> Iterable[Party]:
    """Return the payee at each place where the layout shows one."""
    for region in page.of(Part.TO):
        yield party_of(region.lines, page, f"to {region.label.top // max(1, region.label.height)}")
    place = page.layout.payee
    if headline is not None and (place is Payee.UNDER_HEADLINE or page.layout.under):
        under = _under_headline(page, headline)
        if under is not None:
            yield under
    blocks = _blocks(page)
    if place is Payee.SECOND_BLOCK and len(blocks) > 1:
        yield party_of(blocks[1], page, "block")
    if page.layout.key == "generic" and len(blocks) == 1 and not page.shows(Part.TO, Part.FROM):
        yield party_of(blocks[0], page, "block")


def loose_accounts(page: LaidOut, headline: Box | None) -> Iterable[str]:
    """Yield numbers that look like an account where the label before them cannot be read.

    They may be the payee's: a name alone must not outweigh an account that is printed.
    """
    layout = page.layout
    start = page.row_of(headline) if headline is not None else None
    if start is None or Part.TO_ACCOUNT not in layout.labels or layout.payee is Payee.SECOND_BLOCK:
        return
    generic = layout.key == "generic"
    longest = NUMBER_DIGITS_MAX if generic else ACCOUNT_DIGITS_MAX
    forms = [compiled(ID_FORMS[scheme].pattern) for scheme in layout.ids.values()]
    for index, row in enumerate(page.rows):
        if (index <= start and not generic) or index in page.labelled_rows:
            continue
        words = row.segments[-1].words
        if not _tells_account(words, generic=generic) or any(page.part_of(word) for word in words):
            continue
        number = account_in(" ".join(word.text for word in words))
        known_id = not generic and any(form.fullmatch(number) for form in forms)
        if ACCOUNT_DIGITS_MIN <= len(number) <= longest and not known_id:
            yield number


def _tells_account(words: Sequence[Word], *, generic: bool) -> bool:
    """Tell whether a line is an account number, or for an unknown bank speaks of one."""
    if is_account_line(words):
        return True
    text = " ".join(word.text for word in words)
    return generic and bool(_ACCOUNT_WORD.search(text)) and not _DATE.search(text)


def _under_headline(page: LaidOut, headline: Box) -> Party | None:
    """Return the name on the line under the headline, with its further line."""
    start = page.row_of(headline)
    if start is None:
        return None
    middle, top = page.rows[start].middle, top_of_labels(page)
    lines: list[tuple[Word, ...]] = []
    last = middle
    for row in page.rows[start + 1 :]:
        if (top is not None and row.middle >= top) or row.middle > middle + 4 * headline.height:
            break
        words = tuple(
            word for word in row.words if word.box.left >= headline.left - headline.height
        )
        if not _name_of(words):
            continue
        if not lines:
            lines.append(_from_name(words))
            last = row.middle
            continue
        near = row.middle - last <= 2 * row.height + row.height // 2
        aligned = abs(words[0].box.left - lines[0][0].box.left) <= row.height
        if near and aligned and not page.layout.name_runs:
            lines.append(words)
        break
    return _unprefixed(lines, page) if lines else None


def _from_name(words: Sequence[Word]) -> tuple[Word, ...]:
    rest = list(words)
    while len(rest) > 1 and _is_noise(rest[0].text):
        rest.pop(0)
    return tuple(rest)


def _unprefixed(lines: list[tuple[Word, ...]], page: LaidOut) -> Party:
    """Return the name behind the words that go before it; a running name may miss them."""
    first = lines[0]
    for start in range(len(first)):
        for end in range(start + 1, min(len(first), start + 4) + 1):
            text = normalised("".join(word.text for word in first[start:end]))
            for prefix in map(normalised, page.layout.under):
                if edits_within(text, prefix, edits_allowed(prefix)) is None:
                    continue
                before, behind = first[:start], first[end:]
                if _name_of(before):
                    return attrs.evolve(party_of([before], page, "under"), cut=True)
                if behind:
                    party = party_of([behind, *lines[1:]], page, "under")
                    return attrs.evolve(party, prefixed=True)
    party = party_of(lines, page, "under")
    return attrs.evolve(party, cut=True) if page.layout.name_runs else party


def _blocks(page: LaidOut) -> list[list[tuple[Word, ...]]]:
    """Return names with an account number below them, outside labelled rows, top to bottom."""
    labelled = page.labelled_rows
    blocks: list[list[tuple[Word, ...]]] = []
    for index, row in enumerate(page.rows):
        if index in labelled or not _name_of(row.words) or is_account_line(row.words):
            continue
        lines = [row.words]
        for below in _column_below(page, index):
            if below.row in labelled or len(lines) == BLOCK_LINES_MAX:
                break
            is_account = is_account_line(below.words)
            if not is_account and not (len(lines) > 1 and _BANK.search(below.text)):
                break
            lines.append(below.words)
        if len(lines) > 1:
            blocks.append(lines)
    return blocks


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
