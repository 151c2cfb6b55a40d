"""What a line of a receipt says of one side of a transfer: name, account, bank (section 12)."""

import re
from collections.abc import Sequence

import attrs

from kasa.domain.payments.receipts.printed import currency_of_code, folded
from kasa.domain.payments.receipts.regions import LaidOut
from kasa.domain.payments.recognition import Box, Languages, Word

ACCOUNT_DIGITS_MIN = 6
MASKS = "*Xx•●·"
NAME_LETTERS_MIN = 3
NAME_LINES_MAX = 2
NAME_CONFIDENCE_MIN = 40
_ACCOUNT = re.compile(r"[0-9*Xx•●·]{1,20}(?:[ -][0-9*Xx•●·]{1,20}){0,6}")
BANK_WORD = re.compile(r"\b(?:bank|limited|ltd|plc|wallet)\b|ធនាគារ", re.IGNORECASE)
_PIPE_AS_LETTER = re.compile(r"[|!](?=[A-Z])|(?<=[A-Z])[|!]")
DATE_FIGURES = re.compile(r"[0-9]:[0-9]{2}|[0-9]{4}[-/.][0-9]{2}[-/.]|[-/.][0-9]{2}[-/.][0-9]{4}")
_INITIAL = re.compile(r"[A-Z0-9][.,]")
_LAST_INITIAL = re.compile(r"[A-Z][.,]?")
_ELLIPSIS = re.compile(r"(?:\.\.+|…)\s*$")


@attrs.frozen(kw_only=True)
class Party:
    """One side of a transfer as one place of one reading prints it.

    ``prefixed``: the words that go before the name were read, so nothing of them is in it.
    ``doubt``: how little its letters can be believed, 0 when each word was read well.
    """

    name: str = ""
    account: str = ""
    bank: str = ""
    cut: bool = False
    prefixed: bool = False
    doubt: int = 0
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
    if DATE_FIGURES.search(text):
        return False
    return bool(number) and len(re.sub(r"[\W_]", "", text)) <= len(number.replace("*", "")) + 4


def is_noise(text: str) -> bool:
    """Tell whether a word before a name is an icon: fewer than two letters, and no initial.

    An initial may be read as a digit.
    """
    if _INITIAL.fullmatch(text):
        return False
    return sum(letter.isalpha() for letter in text) < 2


def name_of(words: Sequence[Word]) -> str:
    """Return a line's name: without noise before it and after it."""
    rest = [word.text for word in _named(words)]
    text = _PIPE_AS_LETTER.sub("I", " ".join(rest)).strip(" :>→|៖")
    long_enough = sum(letter.isalpha() for letter in text) >= NAME_LETTERS_MIN
    return text if long_enough and currency_of_code(text) is None else ""


def _named(words: Sequence[Word]) -> list[Word]:
    """Return the words of a name: behind a Latin one only what has Latin letters or digits."""
    rest = list(words)
    while rest and is_noise(rest[0].text):
        rest.pop(0)
    latin = sum("A" <= letter <= "z" for word in rest for letter in word.text)
    if latin >= NAME_LETTERS_MIN:
        while rest and not any(one.isascii() and one.isalnum() for one in rest[-1].text):
            rest.pop()
    return rest


def party_of(lines: Sequence[Sequence[Word]], page: LaidOut, place: str) -> Party:
    """Return what some lines say: a name first, then its further line, account and bank."""
    name, account, bank, lines_of_name = "", "", "", 0
    cut, doubt = False, 0
    for line in lines:
        text = " ".join(word.text for word in line)
        number = account_in(text)
        named = [word for word in line if not _is_part_of(word, number)]
        rest = name_of(named)
        account = account or number
        if not rest and lines_of_name == 1 and _LAST_INITIAL.fullmatch(text) and not account:
            rest = text.rstrip(",")
        if not rest:
            continue
        if name and BANK_WORD.search(rest):
            bank = f"{bank} {rest}".strip()
        elif bank:
            bank = f"{bank} {rest}" if not account else bank
        elif lines_of_name < NAME_LINES_MAX and not (account and name and not number):
            name = f"{name} {rest}".strip()
            lines_of_name += 1
            cut = bool(_ELLIPSIS.search(text))
            doubt = max(doubt, _doubt(named))
    box = line_box(lines)
    return Party(
        name=name,
        account=account,
        bank=bank,
        cut=cut,
        doubt=doubt,
        place=place,
        languages=page.page.languages,
        box=box,
    )


def _doubt(words: Sequence[Word]) -> int:
    """Return 2 for a name of two writings, 1 for one with a word hardly read or an initial lost."""
    named = _named(words)
    text = "".join(word.text for word in named)
    khmer = any("\u1780" <= letter <= "\u17ff" for letter in text)
    if khmer and any("A" <= letter <= "z" for letter in text):
        return 2
    behind = [word.text for word in words if word not in named]
    lost = any(text.endswith(".") and text[:-1].isalnum() for text in behind)
    return int(lost or any(word.confidence < NAME_CONFIDENCE_MIN for word in named))


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
