"""The exact forms of bank ids: a printed text fitted into one, mended only where a digit must be.

Source: payments.md, section 12.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from kasa.domain.payments.banks.shapes import IdForm
from kasa.domain.payments.receipts.printed import folded
from kasa.domain.payments.recognition import Word

HASHES = ("bakong.hash", "bakong.hash8")
LETTERS_OF_A_MARK = 2
WORDS_JOINED_MAX = 3
AROUND_AN_ID = ":#.,|_-"
_DIGITS_FOR = str.maketrans("OoILl|SsB", "001111558")
_DIGITS_ALSO_FOR = str.maketrans("OI", "01")
_DIGIT_CLASS = re.compile(r"\[0-9\](?:\{([0-9]+)\})?")
_MARK = re.compile(r"[0-9A-Z]+")
_CLASS = re.compile(r"\(\?=[^)]*\)|\[[^\]]*\](?:\{[0-9,]+\})?")


@lru_cache(maxsize=64)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return an id form ready to compare; only ASCII digits count."""
    return re.compile(pattern, re.ASCII)


@lru_cache(maxsize=64)
def is_marked(pattern: str) -> bool:
    """Tell whether a form begins with characters of its bank, so that no other number has it."""
    return len(_CLASS.sub("", pattern)) >= LETTERS_OF_A_MARK


@lru_cache(maxsize=64)
def mark_of(pattern: str) -> str:
    """Return the characters that every id of a form begins with."""
    found = _MARK.match(pattern)
    return found[0] if found else ""


def fitted(text: str, form: IdForm) -> str | None:
    """Return a text as an id of an exact form, or None.

    Letters that look like digits are mended where the form has digits only, and I and O also
    where it has letters but not these; hashes never are.
    """
    pattern = compiled(form.pattern)
    text = text.lower() if form.scheme in HASHES else text.upper()
    if pattern.fullmatch(text):
        return text
    if form.english_only or form.scheme == "generic.ref":
        return None
    places = digit_places(form.pattern)
    if len(text) != len(places):
        return None
    mended = "".join(
        letter.translate(_DIGITS_FOR if digit else _DIGITS_ALSO_FOR)
        for letter, digit in zip(text, places, strict=True)
    )
    return mended if pattern.fullmatch(mended) else None


def id_at(words: Sequence[Word], place: int, form: IdForm) -> str | None:
    """Return the id that a word holds, alone or joined with the next ones of its line, or None."""
    joined = ""
    for word in words[place : place + WORDS_JOINED_MAX]:
        joined += folded(word.text).strip(AROUND_AN_ID)
        value = fitted(joined, form)
        if value is not None:
            return value
    return None


@lru_cache(maxsize=64)
def digit_places(pattern: str) -> tuple[bool, ...]:
    """Return for each character of a fixed form whether it must be a digit."""
    places: list[bool] = []
    rest = pattern
    while rest:
        digits = _DIGIT_CLASS.match(rest)
        if digits:
            places += [True] * int(digits[1] or 1)
            rest = rest[digits.end() :]
        elif rest.startswith("["):
            rest = rest.partition("]")[2]
            count = re.match(r"\{([0-9]+)\}", rest)
            places += [False] * (int(count[1]) if count else 1)
            rest = rest[count.end() :] if count else rest
        else:
            places.append(rest[0].isdigit())
            rest = rest[1:]
    return tuple(places)
