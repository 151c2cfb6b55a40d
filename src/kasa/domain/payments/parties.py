"""Who paid whom, as a receipt prints it: names, accounts, banks (payments.md, section 12)."""

import re
from collections.abc import Iterable, Sequence

import attrs

from kasa.domain.payments.banks.shapes import Part, Payee
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, FieldReading, FieldState
from kasa.domain.payments.labels import edits_allowed, edits_within, normalised
from kasa.domain.payments.names import edits, letters, look_alike_edits
from kasa.domain.payments.printed import folded
from kasa.domain.payments.recognition import Box, Languages, Word
from kasa.domain.payments.regions import LaidOut, Region, top_of_labels
from kasa.domain.payments.rows import Row, right_of

ACCOUNT_DIGITS_MIN = 6
MASKS = "*Xx•●·"
NAME_LETTERS_MIN = 3
NAME_LINES_MAX = 2
EDGE_PERCENT = 2
_ACCOUNT = re.compile(r"[0-9*Xx•●·]{1,20}(?:[ -][0-9*Xx•●·]{1,20}){0,6}")
_BANK = re.compile(r"\b(?:bank|limited|ltd|plc|wallet)\b|ធនាគារ", re.IGNORECASE)
_ELLIPSIS = re.compile(r"(?:\.\.+|…)\s*$")


@attrs.frozen(kw_only=True)
class Party:
    """One side of a transfer as one place of one reading prints it."""

    name: str = ""
    account: str = ""
    bank: str = ""
    cut: bool = False
    place: str = ""
    languages: Languages = Languages.BOTH
    box: Box | None = None


@attrs.frozen(kw_only=True)
class Parties:
    """Payee and payer over all readings."""

    recipient_name: FieldReading[str] = ABSENT
    recipient_account: FieldReading[str] = ABSENT
    recipient_bank: FieldReading[str] = ABSENT
    payer_name: FieldReading[str] = ABSENT
    payer_account: FieldReading[str] = ABSENT


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
    return bool(number) and len(re.sub(r"[\W_]", "", text)) <= len(number.replace("*", "")) + 4


def _name_of(words: Sequence[Word]) -> str:
    """Return a line's name: without noise before it and after it."""
    rest = [word.text for word in words]
    while rest and sum(letter.isalpha() for letter in rest[0]) < 2:
        rest.pop(0)
    latin = sum("A" <= letter <= "z" for text in rest for letter in text)
    if latin >= NAME_LETTERS_MIN:
        while rest and not any(letter.isascii() and letter.isalnum() for letter in rest[-1]):
            rest.pop()
    text = " ".join(rest).strip(" :>→|៖")
    return text if sum(letter.isalpha() for letter in text) >= NAME_LETTERS_MIN else ""


def _party(lines: Sequence[Sequence[Word]], page: LaidOut, place: str) -> Party:
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
            cut = bool(_ELLIPSIS.search(text)) or _runs_out(line, page)
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


def _runs_out(words: Sequence[Word], page: LaidOut) -> bool:
    width = max(right_of(word) for row in page.rows for word in row.words)
    return right_of(words[-1]) * 100 >= width * (100 + EDGE_PERCENT)


def read_parties(pages: Sequence[LaidOut], headline: Box | None) -> Parties:
    """Return who paid whom, over all readings of a picture."""
    payees = [party for page in pages for party in _payees(page, headline)]
    payers = [_party(region.lines, page, "from") for page in pages for region in page.of(Part.FROM)]
    accounts = [
        (page.page.languages, account_in(region.text))
        for page in pages
        for region in page.of(Part.TO_ACCOUNT)
        if not _is_payers(page, region)
    ]
    accounts += [(party.languages, party.account) for party in payees if party.account]
    banks = [
        region.text
        for page in pages
        for region in page.of(Part.TO_BANK)
        if not _is_payers(page, region)
    ] + [party.bank for party in payees if party.bank]
    layout = pages[0].layout if pages else None
    absent = layout.absent if layout else frozenset()
    return Parties(
        recipient_name=_name_field([party for party in payees if party.name]),
        recipient_account=ABSENT
        if Part.TO_ACCOUNT in absent
        else _account_field([number for _, number in accounts if number]),
        recipient_bank=_text_field(banks),
        payer_name=_name_field([party for party in payers if party.name]),
        payer_account=_account_field([party.account for party in payers if party.account]),
    )


def _is_payers(page: LaidOut, region: Region) -> bool:
    """Tell whether an account or bank of an unknown layout stands in the payer's block."""
    if page.layout.key != "generic":
        return False
    sides = [one for one in page.of(Part.TO, Part.FROM) if one.row <= region.row]
    return bool(sides) and sides[-1].part is Part.FROM


def _payees(page: LaidOut, headline: Box | None) -> Iterable[Party]:
    """Return the payee at each place where the layout shows one."""
    for region in page.of(Part.TO):
        yield _party(region.lines, page, f"to {region.label.top // max(1, region.label.height)}")
    place = page.layout.payee
    if headline is not None and (place is Payee.UNDER_HEADLINE or page.layout.under):
        under = _under_headline(page, headline)
        if under is not None:
            yield under
    blocks = _blocks(page)
    if place is Payee.SECOND_BLOCK and len(blocks) > 1:
        yield _party(blocks[1], page, "block")
    if page.layout.key == "generic" and len(blocks) == 1 and not page.of(Part.TO, Part.FROM):
        yield _party(blocks[0], page, "block")


def _under_headline(page: LaidOut, headline: Box) -> Party | None:
    """Return the name on the line under the headline, with its further line."""
    bottom = headline.top + headline.height
    top = top_of_labels(page)
    lines: list[tuple[Word, ...]] = []
    last = 0
    for row in page.rows:
        if row.middle <= bottom - headline.height // 4 or (top is not None and row.middle >= top):
            continue
        words = tuple(
            word for word in row.words if word.box.left >= headline.left - 2 * headline.height
        )
        if not lines:
            if row.middle > bottom + 3 * headline.height:
                break
            if _name_of(words):
                lines.append(_from_name(words))
                last = row.middle
            continue
        if page.layout.name_runs or len(lines) == NAME_LINES_MAX:
            break
        near = row.middle - last <= 2 * row.height + row.height // 2
        if near and _name_of(words) and abs(words[0].box.left - lines[0][0].box.left) <= row.height:
            lines.append(words)
        break
    return _unprefixed(lines, page) if lines else None


def _from_name(words: Sequence[Word]) -> tuple[Word, ...]:
    rest = list(words)
    while len(rest) > 1 and sum(letter.isalpha() for letter in rest[0].text) < 2:
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
                    return attrs.evolve(_party([before], page, "under"), cut=True)
                if behind:
                    return _party([behind, *lines[1:]], page, "under")
    party = _party(lines, page, "under")
    return attrs.evolve(party, cut=True) if page.layout.name_runs else party


def _blocks(page: LaidOut) -> list[list[tuple[Word, ...]]]:
    """Return names with an account number below them, above or without labels, top to bottom."""
    labelled = {hit.row for _, hit in page.hits}
    blocks: list[list[tuple[Word, ...]]] = []
    for index, row in enumerate(page.rows[:-1]):
        below = page.rows[index + 1]
        if index in labelled or index + 1 in labelled or not is_account_line(below.words):
            continue
        name = _name_of(row.words)
        if not name or is_account_line(row.words):
            continue
        if not _is_under(row, below):
            continue
        lines = [row.words, below.words]
        if index + 2 < len(page.rows) and index + 2 not in labelled:
            further = page.rows[index + 2]
            if _BANK.search(further.text) and _is_under(below, further):
                lines.append(further.words)
        blocks.append(lines)
    return blocks


def _is_under(row: Row, below: Row) -> bool:
    edge = _from_name(row.words)[0].box.left
    near = below.middle - row.middle <= 3 * max(row.height, below.height)
    return near and abs(below.left - edge) <= 2 * row.height


def _name_field(parties: Sequence[Party]) -> FieldReading[str]:
    """Return one name for all places and readings; places that print two names contest it."""
    if not parties:
        return UNREADABLE
    groups: list[list[Party]] = []
    for party in parties:
        for group in groups:
            if _same_name(party.name, group[0].name):
                group.append(party)
                break
        else:
            groups.append([party])
    groups.sort(key=lambda group: (any(not party.cut for party in group), len(group)), reverse=True)
    best = groups[0]
    others = [
        group
        for group in groups[1:]
        if _is_other_name(group, best) and len(group) > 1 and not all(one.cut for one in group)
    ]
    if others:
        names = tuple(group[0].name for group in (best, *others))
        return FieldReading(state=FieldState.CONTESTED, candidates=names)
    chosen = min(best, key=lambda party: (party.cut, party.languages is not Languages.ENGLISH))
    return FieldReading(
        state=FieldState.READ,
        value=chosen.name,
        seen=len(best),
        engines=1,
        labelled=True,
        cut=chosen.cut,
        box=chosen.box,
    )


def _same_name(left: str, right: str) -> bool:
    one, other = letters(left), letters(right)
    return one == other or look_alike_edits(one, other) is not None


def _is_other_name(group: Sequence[Party], best: Sequence[Party]) -> bool:
    """Tell whether another place prints another name, rather than the same one misread."""
    if {party.place for party in group} & {party.place for party in best}:
        return False
    one, other = letters(group[0].name), letters(best[0].name)
    if one in other or other in one:
        return False
    return edits(one, other) > max(len(one), len(other)) // 3


def _account_field(numbers: Sequence[str]) -> FieldReading[str]:
    values = tuple(dict.fromkeys(numbers))
    if not values:
        return UNREADABLE
    if len(values) > 1:
        return FieldReading(state=FieldState.CONTESTED, candidates=values)
    return FieldReading(
        state=FieldState.READ, value=values[0], seen=len(numbers), engines=1, labelled=True
    )


def _text_field(texts: Sequence[str]) -> FieldReading[str]:
    values = [text for text in texts if text.strip()]
    if not values:
        return ABSENT
    best = max(dict.fromkeys(values), key=values.count)
    return FieldReading(
        state=FieldState.READ, value=best, seen=values.count(best), engines=1, labelled=True
    )
