"""Names of people and shops as receipts print them, compared three-valued (payments.md, 4)."""

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from itertools import product

LETTERS_ALONE_MIN = 6
LETTERS_MIN = 4
CUT_LETTERS_MIN = 8
_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_TITLES = frozenset({"MR", "MS", "MRS", "DR", "លោក", "លោកស្រី", "អ្នកស្រី", "កញ្ញា"})
_GLUED_TITLES = ("លោកស្រី", "អ្នកស្រី", "លោក")
_AND = frozenset({"AND", "និង"})
_LOOK_ALIKES = tuple(frozenset(group) for group in ("0O", "1IL", "5S", "8B"))
_ONE_OF_EACH = str.maketrans("01L58", "OIISB")


class NameLikeness(IntEnum):
    """How a printed name compares with a registered one; higher is closer.

    FAR is not proof of another name. CUT: equal so far, at least 8 letters. SHORT: equal, but
    the registered name has only 4 or 5 letters.
    """

    FAR = 0
    CLOSE = 1
    INITIALS = 2
    CUT = 3
    SHORT = 4
    EQUAL = 5


def words(text: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared: upper case, without titles, in order."""
    plain = _ZERO_WIDTH.sub("", unicodedata.normalize("NFKC", text)).upper()
    plain = plain.replace("&", " AND ").replace("+", " AND ")
    kept = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in plain)
    found = ["AND" if word in _AND else _without_glued_title(word) for word in kept.split()]
    bare = [word for word in found if word not in _TITLES]
    return tuple(bare or found)


def _without_glued_title(word: str) -> str:
    for title in _GLUED_TITLES:
        if word.startswith(title) and len(word) >= len(title) + 3:
            return word.removeprefix(title)
    return word


def letters(text: str) -> str:
    """Return a name's letters and digits without spaces, in printed order."""
    return "".join(words(text))


def edits(left: str, right: str) -> int:
    """Return how many letters have to be changed, added or left out (Levenshtein)."""
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(right, 1):
            before, row[j] = (
                row[j],
                min(row[j] + 1, row[j - 1] + 1, before + (letter != other)),
            )
    return row[-1]


def look_alike_edits(left: str, right: str) -> int | None:
    """Return how many look-alikes were confused (0O, 1Il, 5S, 8B, rn and m); None: more differs."""
    if left == right:
        return 0
    if _canonical(left) != _canonical(right):
        return None
    fewest: dict[tuple[int, int], int] = {(0, 0): 0}
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            ways = [
                fewest[start] + cost for start, cost in _ways(left, right, i, j) if start in fewest
            ]
            if ways:
                fewest[i, j] = min(ways)
    return fewest.get((len(left), len(right)))


def _canonical(text: str) -> str:
    return text.translate(_ONE_OF_EACH).replace("RN", "M")


def _ways(left: str, right: str, i: int, j: int) -> Iterable[tuple[tuple[int, int], int]]:
    if i and j and left[i - 1] == right[j - 1]:
        yield (i - 1, j - 1), 0
    elif i and j and any({left[i - 1], right[j - 1]} <= group for group in _LOOK_ALIKES):
        yield (i - 1, j - 1), 1
    if j and left[max(i - 2, 0) : i] == "RN" and right[j - 1] == "M":
        yield (i - 2, j - 1), 1
    if i and right[max(j - 2, 0) : j] == "RN" and left[i - 1] == "M":
        yield (i - 1, j - 2), 1


@lru_cache(maxsize=4096)
def likeness(printed: str, registered: str, *, cut: bool = False) -> NameLikeness:
    """Compare a printed name with a registered one; ``cut``: its end is not printed."""
    seen, wanted = letters(printed), letters(registered)
    if cut:
        if wanted.startswith(seen) and len(seen) >= CUT_LETTERS_MIN:
            return NameLikeness.CUT
        return NameLikeness.CLOSE if _resembles(seen, wanted) else NameLikeness.FAR
    if _is_equal(printed, registered):
        return NameLikeness.EQUAL if len(wanted) >= LETTERS_ALONE_MIN else NameLikeness.SHORT
    if seen in _with_initials(words(registered)):
        return NameLikeness.INITIALS
    return NameLikeness.CLOSE if _resembles(seen, wanted) else NameLikeness.FAR


def _is_equal(printed: str, registered: str) -> bool:
    seen, wanted = words(printed), words(registered)
    shorter = min(len("".join(seen)), len("".join(wanted)))
    if shorter < LETTERS_MIN:
        return False
    allowed = shorter // 8 if shorter >= LETTERS_ALONE_MIN else 0
    pairs = (
        ("".join(seen), "".join(wanted)),
        ("".join(sorted(seen)), "".join(sorted(wanted))),
    )
    found = (look_alike_edits(left, right) for left, right in pairs)
    return any(count is not None and count <= allowed for count in found)


def _with_initials(full: tuple[str, ...]) -> frozenset[str]:
    if len(full) > 8:
        return frozenset()
    choices = [(word,) if word == "AND" else (word, word[0]) for word in full]
    return frozenset("".join(chosen) for chosen in product(*choices)) - {"".join(full)}


def _resembles(seen: str, wanted: str) -> bool:
    if not seen or not wanted:
        return True
    if wanted.startswith(seen) or wanted.endswith(seen):
        return True
    if len(wanted) >= LETTERS_ALONE_MIN and wanted in seen:
        return True
    return edits(seen, wanted) <= len(wanted) // 3


def is_latin(text: str) -> bool:
    """Whether every letter of a name is Latin; only such names can prove another receiver."""
    return all("A" <= letter <= "Z" or letter in "0123456789" for letter in letters(text))
