"""Tasks for the sandbox: harmless, crashing, slow and greedy ones."""

import ctypes
import os
import resource
import sys
import time
from decimal import Decimal
from pathlib import Path

from kasa.domain.kernel.money import CurrencyUnknown, Money, currency

ready: list[str] = []


def prepare() -> None:
    """Remember that the child was prepared."""
    ready.append("prepared")


def was_prepared() -> list[str]:
    """Return what the preparation left behind."""
    return ready


def double(amount: Money) -> Money:
    """Return twice an amount."""
    return amount + amount


def process_id() -> int:
    """Return which process this is."""
    return os.getpid()


def peak_bytes() -> int:
    """Return the most memory that this process itself ever held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def crash() -> None:
    """End the process as a bug in native code does."""
    ctypes.string_at(0)


def sleep(seconds: float) -> None:
    """Do nothing for a while."""
    time.sleep(seconds)


def allocate(size: int) -> int:
    """Ask for memory."""
    return len(bytearray(size))


def answer_of(size: int) -> bytes:
    """Return a large answer."""
    return bytes(size)


def write(size: int) -> None:
    """Write to the standard output without end."""
    for _ in range(size // 2**20):
        sys.stdout.write("x" * 2**20)


def write_file(path: str, size: int) -> None:
    """Write a large file."""
    with Path(path).open("wb") as file:
        file.writelines(bytes(2**20) for _ in range(size // 2**20))


def refuse() -> None:
    """Refuse as kasa does."""
    currency("XXX")


def fail() -> None:
    """Fail as a bug does."""
    raise LookupError


def environment() -> dict[str, str]:
    """Return what the process was started with."""
    text = Path("/proc/self/environ").read_text()
    return dict(row.split("=", 1) for row in text.split("\0") if "=" in row)


def limits() -> tuple[int, int, int, int]:
    """Return the limits of the process."""
    kinds = (
        resource.RLIMIT_AS,
        resource.RLIMIT_CORE,
        resource.RLIMIT_FSIZE,
        resource.RLIMIT_NOFILE,
    )
    first, second, third, fourth = (resource.getrlimit(kind)[1] for kind in kinds)
    return first, second, third, fourth


class Hostile:
    """An answer that would call a function where it is read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


def hostile() -> Hostile:
    """Return a hostile answer."""
    return Hostile()


def decimal() -> Decimal:
    """Return a plain value."""
    return Decimal("1.5")


__all__ = ["CurrencyUnknown"]
