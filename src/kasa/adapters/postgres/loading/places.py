"""The places of a rehearsed text that differ from copy to copy, and what is put there.

The text is what COPY writes. A place is found by its form alone, wherever it stands: in a column,
in a document, in the payload of an event. So every row of a copy tells the same story, and no
rule of the domain is repeated here.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from operator import itemgetter

import attrs

from kasa.domain.invoicing.numbering import DEFAULT_TEMPLATE, write

YEAR = "2091"
MIDNIGHT = "17:00:00"
"""The start of a day of the shop, in UTC: such moments move by whole days."""
FIRST_NUMBERS = {"INV": 700_000_001, "CN": 710_000_001}
LOW_BITS = 62
VARIANT = 0b10 << LOW_BITS
FORMS = {
    "id": r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}",
    "written": rf"\b(?:INV|CN)-{YEAR}-7\d{{8}}\b",
    "moment": rf"\b{YEAR}-\d\d-\d\d[ T]\d\d:\d\d:\d\d",
    "day": rf"\b{YEAR}-\d\d-\d\d\b",
    "number": r"(?<![\w-])7[01]0000\d{3}(?![\w-])",
    "year": rf"(?<![\w-]){YEAR}(?![\w-])",
    "digest": r"\b[0-9a-f]{64}\b",
    "phone": r"\+855127\d{5}\b",
    "transfer": r"\b38\d{15}\b",
    "message": r"\b60000\d{4}\b",
    "name": r"\bQz[a-z]{4}\b",
    "name_key": r"\bqz[a-z]{4}\b",
    "goods": r"\bGz[a-z]{4}\b",
    "goods_key": r"\bgz[a-z]{4}\b",
    "code": r"\bWZ[A-Z]{4}\b",
    "code_key": r"\bwz[a-z]{4}\b",
    "document": r"\x01\d+\x01",
}
_PLACE = re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in FORMS.items()))
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
FIRST_NAMES = ("Sokha", "Dara", "Bopha", "Visal", "Sreymom", "Rithy", "Chanthy", "Malis", "Vuthy")
LAST_NAMES = ("Chan", "Lim", "Keo", "Heng", "Sok", "Chea", "Nhem", "Ouk", "Prak", "Seng", "Tep")
GOODS = ("Scarf", "Krama", "Shirt", "Rice", "Lamp", "Bag", "Fan", "Soap", "Basket", "Mat", "Cup")


@attrs.frozen(kw_only=True)
class Move:
    """How a copy differs: by days and by seconds of the day, whose copy it is, what it counts.

    ``year`` is that of its first day. ``numbers`` are the last numbers given in each series before
    it, ``counted`` how many names, codes, phones and messages its shop had. ``own`` are the
    identifiers of the shop's beginning.
    """

    days: int
    seconds: int
    salt: int
    year: int
    numbers: Mapping[str, int] = attrs.Factory(dict)
    counted: int = 0
    own: Mapping[str, str] = attrs.Factory(dict)

    @property
    def milliseconds(self) -> int:
        """By how much a moment moves."""
        return (self.days * 86_400 + self.seconds) * 1000


@attrs.frozen
class Place:
    """One thing that a text names, by its kind and its rehearsed words."""

    kind: str
    text: str


Writer = Callable[[Sequence[str]], str]
"""Writes a text with the values of its places."""


def cut(text: str, places: dict[Place, int]) -> Writer:
    """Cut a text at its places, which are added to ``places``, each with its index."""
    parts: list[str | int] = []
    end = 0
    for found in _PLACE.finditer(text):
        place = Place(found.lastgroup or "", found.group())
        parts += (text[end : found.start()], places.setdefault(place, len(places)))
        end = found.end()
    parts.append(text[end:])
    return _writer(parts)


def _writer(parts: Sequence[str | int]) -> Writer:
    """Return what writes a text: literals stand behind the values, so that one pick takes all."""
    literals = tuple(part for part in parts if isinstance(part, str))
    indexes: list[int] = []
    behind = -len(literals)
    for part in parts:
        if isinstance(part, str):
            indexes.append(behind)
            behind += 1
        else:
            indexes.append(part)
    if len(indexes) == 1:
        return lambda _values: literals[0]
    pick = itemgetter(*indexes)
    return lambda values: "".join(pick((*values, *literals)))


def escaped(text: str) -> str:
    """Return a text as COPY reads it."""
    if "\\" not in text and "\n" not in text and "\t" not in text and "\r" not in text:
        return text
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def unescaped(field: str) -> str:
    """Return what a field of COPY says."""
    if "\\" not in field:
        return field
    words = {"n": "\n", "t": "\t", "r": "\r"}
    return re.sub(r"\\(.)", lambda found: words.get(found[1], found[1]), field)


@attrs.define(eq=False)
class Values:
    """What is put at the places of one rehearsal; made once, asked for every copy.

    ``counted`` is how many names, codes, phones and messages a copy uses up, ``given`` how many
    numbers of each series.
    """

    makers: tuple[Callable[[Move], str], ...]
    counted: int
    given: Mapping[str, int]

    @classmethod
    def of(cls, places: Iterable[Place]) -> "Values":
        """Return the values of the places that were collected."""
        numbers: dict[str, set[int]] = {}
        for number in (_count_of(place) for place in places):
            if number is not None:
                numbers.setdefault(_series(number), set()).add(number)
        lowest = {series: min(found) for series, found in numbers.items()}
        words = dict.fromkeys(one.text.lower() for one in places if one.kind in COUNTED)
        counts = {word: no for no, word in enumerate(words, 1)}
        makers = tuple(_maker(place, lowest, counts) for place in places)
        return cls(makers, len(counts), {series: len(found) for series, found in numbers.items()})

    def of_copy(self, move: Move) -> list[str]:
        """Return the value of every place in one copy; documents are put in by who writes them."""
        return [make(move) for make in self.makers]


def _count_of(place: Place) -> int | None:
    if place.kind == "number":
        return int(place.text)
    return int(place.text.rpartition("-")[2]) if place.kind == "written" else None


def _series(number: int) -> str:
    started = [name for name, first in FIRST_NUMBERS.items() if first <= number]
    return max(started, key=FIRST_NUMBERS.__getitem__)


def _maker(
    place: Place, lowest: Mapping[str, int], counts: Mapping[str, int]
) -> Callable[[Move], str]:
    if place.kind in {"number", "written"}:
        return _number(place, lowest)
    if place.kind in COUNTED:
        return _word(place.kind, counts[place.text.lower()])
    return _MADE[place.kind](place.text)


def _day(text: str) -> Callable[[Move], str]:
    day = date.fromisoformat(text)
    return lambda move: (day + timedelta(move.days)).isoformat()


def _year(_text: str) -> Callable[[Move], str]:
    return lambda move: str(move.year)


def _digest(text: str) -> Callable[[Move], str]:
    return lambda move: sha256(f"{move.salt}{text}".encode()).hexdigest()


def _transfer(text: str) -> Callable[[Move], str]:
    millisecond, rest = int(text[:13]), int(text[13:])
    return lambda move: f"{millisecond + move.milliseconds}{(rest + move.salt) % 10_000:04d}"


def _document(_text: str) -> Callable[[Move], str]:
    return lambda _move: ""


def _id(text: str) -> Callable[[Move], str]:
    digits = text.replace("-", "")
    millisecond, middle = int(digits[:12], 16), digits[12:16]
    low = int(digits[16:], 16) % 2**LOW_BITS

    def make(move: Move) -> str:
        known = move.own.get(text)
        if known is not None:
            return known
        head = f"{millisecond + move.milliseconds:012x}"
        tail = f"{VARIANT | (low + move.salt) % 2**LOW_BITS:016x}"
        return f"{head[:8]}-{head[8:]}-{middle}-{tail[:4]}-{tail[4:]}"

    return make


def _moment(text: str) -> Callable[[Move], str]:
    at, between, whole_days = datetime.fromisoformat(text), text[10], text.endswith(MIDNIGHT)

    def make(move: Move) -> str:
        moved = at + timedelta(move.days, 0 if whole_days else move.seconds)
        return moved.isoformat(between)

    return make


def _number(place: Place, lowest: Mapping[str, int]) -> Callable[[Move], str]:
    count = _count_of(place)
    assert count is not None, "only numbers come here"
    series = _series(count)
    ahead = count - lowest[series] + 1
    if place.kind == "number":
        return lambda move: str(move.numbers.get(series, 0) + ahead)
    return lambda move: write(
        DEFAULT_TEMPLATE, series, year=move.year, number=move.numbers.get(series, 0) + ahead
    )


def _word(kind: str, count: int) -> Callable[[Move], str]:
    wanted = _WORDS[kind]
    return lambda move: wanted(move.counted + count)


def _name(count: int) -> str:
    first = FIRST_NAMES[count % len(FIRST_NAMES)]
    return f"{first} {LAST_NAMES[count * 7 % len(LAST_NAMES)]} {count}"


def _goods(count: int) -> str:
    return f"{GOODS[count % len(GOODS)]} {count}"


_MADE: Mapping[str, Callable[[str], Callable[[Move], str]]] = {
    "id": _id,
    "moment": _moment,
    "day": _day,
    "year": _year,
    "digest": _digest,
    "transfer": _transfer,
    "document": _document,
}
_WORDS: Mapping[str, Callable[[int], str]] = {
    "name": _name,
    "name_key": lambda count: _name(count).lower(),
    "goods": _goods,
    "goods_key": lambda count: _goods(count).lower(),
    "code": lambda count: f"P{count:06d}",
    "code_key": lambda count: f"p{count:06d}",
    "phone": lambda count: f"+85510{count:07d}",
    "message": str,
}
COUNTED = frozenset(_WORDS)
