"""Whether the bank that a receipt prints is that of an accepted account (payments.md, 4)."""

from collections.abc import Iterable

from kasa.domain.payments.account import BANKS, BankCode, bank_words, printed_bank
from kasa.domain.payments.evidence import FieldReading
from kasa.domain.payments.finding import Result
from kasa.domain.payments.names import edits, is_latin

NETWORK = BankCode("BAKONG")
"""The network through which banks pay each other; its name says nothing of the receiver's bank."""

LETTERS_MIN = 3
_INSTITUTIONS = frozenset(
    {"BANK", "MFI", "MICROFINANCE", "FINANCE", "WALLET", "MONEY", "PAY", "CREDIT", "UNION"}
)
_NETWORK_WORDS = frozenset({"BAKONG", "KHQR", "QR", "MOBILE", "ACCOUNT"})
_LINKING = frozenset({"OF", "AND", "FOR", "COMMERCIAL", "NATIONAL", "KINGDOM", "INSTITUTION"})
_BARE = _INSTITUTIONS | _NETWORK_WORDS | _LINKING


def compare_bank(reading: FieldReading[str], wanted: Iterable[BankCode]) -> Result:
    """Compare a printed bank with the banks of accepted accounts.

    A known bank matches or differs. A name that nobody knows differs when it is surely another
    one: labelled, whole, Latin, called a bank or read twice, and like no name of a wanted bank.
    """
    banks, printed = frozenset(wanted), reading.value or ""
    known = printed_bank(printed)
    if known is not None and known in banks:
        return Result.MATCH
    if not banks or known == NETWORK:
        return Result.UNREADABLE
    if known is not None:
        return Result.DIFFERS
    words = bank_words(printed)
    called = not _INSTITUTIONS.isdisjoint(words) or reading.seen >= 2 or reading.engines >= 2
    whole = reading.labelled and not reading.cut and is_latin("".join(words))
    return Result.DIFFERS if called and whole and _is_unlike(words, banks) else Result.UNREADABLE


def _is_unlike(words: tuple[str, ...], banks: Iterable[BankCode]) -> bool:
    own = [word for word in words if word not in _BARE]
    seen = "".join(own)
    if len(seen) < LETTERS_MIN or seen.isdigit():
        return False
    shapes = {seen, "".join(words), _initials(words), _initials(tuple(own))}
    return not any(
        _resembles(shape, name) for bank in banks for name in _names(bank) for shape in shapes
    )


def _names(bank: BankCode) -> set[str]:
    found = set()
    for text in (bank, *BANKS[bank]):
        words = bank_words(text)
        own = tuple(word for word in words if word not in _BARE)
        found |= {"".join(words), "".join(own), _initials(words), _initials(own)}
    return {name for name in found if name}


def _initials(words: tuple[str, ...]) -> str:
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _resembles(seen: str, name: str) -> bool:
    if not seen or len(name) < 2:
        return False
    shorter = min(len(seen), len(name))
    if shorter >= LETTERS_MIN and (seen in name or name in seen):
        return True
    return edits(seen, name) <= len(name) // 3
