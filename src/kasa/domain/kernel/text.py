"""Text that people typed: NFC, trimmed, without control characters, capped."""

import re
import unicodedata
from typing import NewType

from kasa.domain.kernel.errors import Invalid

Name = NewType("Name", str)
Note = NewType("Note", str)
Phone = NewType("Phone", str)

NAME_LIMIT = 200
NOTE_LIMIT = 2000
KHMER_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")
_REFUSED = frozenset({"Cc", "Cs", "Co"})


class TextNotAllowed(Invalid):
    """The text has characters that cannot be kept or printed."""

    code = "text.not_allowed"


class TextTooLong(Invalid):
    """The text is too long."""

    code = "text.too_long"


class TextMissing(Invalid):
    """A text is needed here."""

    code = "text.missing"


class PhoneInvalid(Invalid):
    """A phone number has 8 to 15 digits."""

    code = "customer.phone"


def cleaned(text: str, *, limit: int, lines: bool = False) -> str:
    """Return text in NFC without white space around it, or raise ``text.*``.

    Control characters and private-use characters are refused; line feeds only when ``lines`` is
    false.
    """
    clean = unicodedata.normalize("NFC", text).strip()
    allowed = "\n" if lines else ""
    if any(unicodedata.category(it) in _REFUSED and it not in allowed for it in clean):
        raise TextNotAllowed
    if len(clean) > limit:
        raise TextTooLong(limit=limit)
    return clean


def name(text: str, limit: int = NAME_LIMIT) -> Name:
    """Return a name of one line, not empty, or raise ``text.*``."""
    clean = cleaned(text, limit=limit)
    if not clean:
        raise TextMissing
    return Name(clean)


def note(text: str, limit: int = NOTE_LIMIT) -> Note:
    """Return a note, possibly empty and of several lines, or raise ``text.*``."""
    return Note(cleaned(text.replace("\r\n", "\n"), limit=limit, lines=True))


def key(text: str) -> str:
    """Return the form under which a text is looked up: NFC, casefolded, white space folded."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def phone(text: str, country_code: str = "855") -> Phone:
    """Return a telephone number as ``+`` and digits, or raise ``customer.phone``.

    Khmer digits are folded; a national number (leading 0) gets the country's code.
    """
    folded = text.translate(KHMER_DIGITS)
    digits = "".join(letter for letter in folded if letter in "0123456789")
    if re.search(r"[^0-9+()\s.\-/]", folded):
        raise PhoneInvalid
    if not folded.strip().startswith("+"):
        digits = digits.removeprefix("00")
        if digits.startswith("0"):
            digits = country_code + digits[1:]
    if not 8 <= len(digits) <= 15:
        raise PhoneInvalid
    return Phone("+" + digits)
