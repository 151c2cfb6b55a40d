"""Ids as the banks number them, with the day inside where they carry one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random

from tests.receipts.facts import local

_CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "0123456789"
_FROM_ONE = _DIGITS[1:]
_BOTH = _CAPITALS + _DIGITS
_PREFIXES = ("TXN", "P", "TR", "LP")
_HEX = "0123456789abcdef"
_ABA_START, _ABA_A_MINUTE = 46_900_000_000, 39_000
_FT_START, _FT_A_MINUTE = 36_650_000_000, 7_300
_START = datetime.fromisoformat("2026-01-01T00:00:00+07:00")
GENERIC = ("digits12", "digits10", "letters", "prefixed", "canadia.ft", "cp.trx", "sathapana.trx")


def reference(scheme: str, at: datetime, random: Random) -> str:
    """Return an id of a scheme made at a moment."""
    day = local(at).strftime("%y%j")
    made: Mapping[str, Callable[[], str]] = {
        "aba.trx": lambda: _growing(random, _minutes(at), _ABA_START, _ABA_A_MINUTE),
        "aba.ft": lambda: "100FT" + _growing(random, _minutes(at), _FT_START, _FT_A_MINUTE),
        "payway.trx": lambda: f"{int(at.timestamp())}{_some(random, _DIGITS, 5)}",
        "acleda.ref": lambda: day[1:] + _some(random, _DIGITS, 7),
        "wing.trx": lambda: f"0002347{day}{_some(random, _BOTH, 4)}",
        "vattanac.trx": lambda: f"001FTRA{day}{_some(random, _BOTH, 4)}",
        "prasac.ref": lambda: "MB" + _some(random, _DIGITS, 14),
        "ppc.trx": lambda: _some(random, _FROM_ONE, 1) + _some(random, _DIGITS, 8),
        "bakong.hash8": lambda: _some(random, _HEX, 7) + _some(random, _HEX[10:], 1),
        "apv": lambda: _some(random, _DIGITS, 6),
        "canadia.ft": lambda: f"FT{day}{_some(random, _BOTH, 5)}",
        "cp.trx": lambda: f"CP{day}{_some(random, _DIGITS, 5)}",
        "sathapana.trx": lambda: f"099QORT{day}{_some(random, _DIGITS, 4)}",
        "digits10": lambda: _some(random, _FROM_ONE, 1) + _some(random, _DIGITS, 9),
        "digits12": lambda: _some(random, _FROM_ONE, 1) + _some(random, _DIGITS, 11),
        "letters": lambda: _some(random, _BOTH, 9) + _some(random, _DIGITS[2:], 1),
        "prefixed": lambda: random.choice(_PREFIXES) + _some(random, _DIGITS, 11),
    }
    return made[scheme]()


def _some(random: Random, letters: str, count: int) -> str:
    return "".join(random.choice(letters) for _ in range(count))


def _growing(random: Random, minutes: int, start: int, a_minute: int) -> str:
    """Return a number of a bank that counts its transfers."""
    return str(start + minutes * a_minute + random.randrange(a_minute))


def _minutes(at: datetime) -> int:
    return int((at - _START).total_seconds() // 60)
