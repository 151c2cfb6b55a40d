"""How much memory this process and its children took at most, where the system tells."""

import re
from collections.abc import Iterator
from pathlib import Path

import attrs

PROCESSES = Path("/proc")
_PEAK = re.compile(r"^VmHWM:\s+([0-9]+) kB$", re.MULTILINE)
KIB_PER_MIB = 1024


@attrs.define
class PeakMemory:
    """The most that was seen; ``sample`` looks again. Children that ended are not counted."""

    kib: int | None = None

    def sample(self) -> None:
        """Look at this process and its children now."""
        found = [peak for one in _family() if (peak := _peak_kib(one)) is not None]
        if found:
            self.kib = max(self.kib or 0, sum(found))

    @property
    def mib(self) -> int | None:
        """The peak in MiB; None where the system does not tell."""
        return None if self.kib is None else self.kib // KIB_PER_MIB


def _family() -> Iterator[str]:
    yield "self"
    for children in PROCESSES.glob("self/task/*/children"):
        try:
            yield from children.read_text(encoding="ascii").split()
        except OSError:
            continue


def _peak_kib(process: str) -> int | None:
    try:
        found = _PEAK.search((PROCESSES / process / "status").read_text(encoding="utf-8"))
    except OSError:
        return None
    return None if found is None else int(found[1])
