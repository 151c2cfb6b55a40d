"""Reading a KHQR text, tolerantly: tags, order, checksum, digest.

Source: EMVCo merchant-presented QR codes as the National Bank of Cambodia uses them. Lengths count
UTF-16 code units; the checksum is CRC-16/CCITT-FALSE over UTF-8 bytes.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import attrs

from kasa.domain.kernel.errors import Invalid

TEXT_LIMIT_UNITS = 512
CRC_TAG = "63"
_TEMPLATES = frozenset(str(tag) for tag in (*range(26, 52), 62, 64, *range(80, 100)))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = frozenset("0123456789")

KhqrValue = str | Mapping[str, str]


class KhqrTooLong(Invalid):
    """The text is too long for a KHQR code."""

    code = "khqr.too_long"


@attrs.frozen(kw_only=True)
class KhqrContent:
    """What a KHQR text holds.

    ``tags`` maps a tag to its text, or to its sub-tags when it is a well-formed template; of a
    repeated tag the first one counts, and ``repeated`` names it (``59``, ``62.01``). ``order``
    lists the tags as they stand. ``whole`` tells that the text consists of tags to its end.
    ``md5`` is the digest of the exact text, lower case.
    """

    tags: Mapping[str, KhqrValue]
    order: tuple[str, ...]
    whole: bool
    crc_ok: bool
    md5: str
    length: int
    repeated: tuple[str, ...] = ()

    def text(self, tag: str) -> str | None:
        """Return the text of a tag, or None when it is missing or a template."""
        value = self.tags.get(tag)
        return value if isinstance(value, str) else None

    def part(self, tag: str, part: str) -> str | None:
        """Return the text of a sub-tag, or None when either is missing."""
        value = self.tags.get(tag)
        return None if value is None or isinstance(value, str) else value.get(part)

    @property
    def payee_tag(self) -> str | None:
        """The tag of the payee's template: 29 individual, 30 merchant."""
        return next((tag for tag in ("29", "30") if tag in self.tags), None)

    @property
    def is_dynamic(self) -> bool:
        """Whether it names itself a code for one payment."""
        return self.text("01") == "12"


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def crc(text: str) -> str:
    """Return the CRC-16/CCITT-FALSE of a text's UTF-8 bytes as four upper-case hex digits."""
    value = 0xFFFF
    for byte in text.encode("utf-8", "surrogatepass"):
        value ^= byte << 8
        for _ in range(8):
            value = ((value << 1) ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return f"{value:04X}"


def md5(text: str) -> str:
    """Return the MD5 by which the central bank knows a KHQR text."""
    encoded = text.encode("utf-8", "surrogatepass")
    return hashlib.md5(encoded, usedforsecurity=False).hexdigest()


def milliseconds(at: datetime) -> int:
    """Return a moment as whole milliseconds since 1970."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def read_khqr(text: str) -> KhqrContent:
    """Return what a text holds, whatever its order, tags and faults.

    Raise ``khqr.too_long`` above 512 code units; nothing else is refused.
    """
    if units(text) > TEXT_LIMIT_UNITS:
        raise KhqrTooLong(limit=TEXT_LIMIT_UNITS)
    pairs, whole = _pairs(text)
    tags: dict[str, KhqrValue] = {}
    repeated: list[str] = []
    for tag, value in pairs:
        if tag in tags:
            repeated.append(tag)
            continue
        tags[tag] = _template(value) if tag in _TEMPLATES else value
        repeated += [f"{tag}.{part}" for part in _repeated_parts(tag, value)]
    return KhqrContent(
        tags=MappingProxyType(tags),
        order=tuple(tag for tag, _ in pairs),
        whole=whole,
        crc_ok=whole and _crc_ok(text, pairs),
        md5=md5(text),
        length=units(text),
        repeated=tuple(dict.fromkeys(repeated)),
    )


def _crc_ok(text: str, pairs: list[tuple[str, str]]) -> bool:
    tag, value = pairs[-1]
    return tag == CRC_TAG and len(value) == 4 and crc(text[:-4]) == value.upper()


def _template(value: str) -> KhqrValue:
    pairs, whole = _pairs(value)
    if not whole:
        return value
    parts: dict[str, str] = {}
    for part, text in pairs:
        parts.setdefault(part, text)
    return MappingProxyType(parts)


def _repeated_parts(tag: str, value: str) -> list[str]:
    if tag not in _TEMPLATES:
        return []
    pairs, whole = _pairs(value)
    names = [part for part, _ in pairs]
    return [part for part in dict.fromkeys(names) if whole and names.count(part) > 1]


def _pairs(text: str) -> tuple[list[tuple[str, str]], bool]:
    """Split a text into tags and values, and tell whether that consumed all of it."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    pairs: list[tuple[str, str]] = []
    place = 0
    while place < len(encoded):
        head = encoded[place : place + 8].decode("utf-16-le", "surrogatepass")
        if len(head) != 4 or not _DIGITS.issuperset(head):
            return pairs, False
        start, place = place + 8, place + 8 + 2 * int(head[2:])
        if place > len(encoded):
            return pairs, False
        pairs.append((head[:2], encoded[start:place].decode("utf-16-le", "surrogatepass")))
    return pairs, bool(pairs)
