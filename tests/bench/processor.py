"""Processor time of this process, of what it ran, and of a server."""

import os
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

from kasa.adapters.postgres.embedded import EmbeddedServer

TICKS = os.sysconf("SC_CLK_TCK")
PARENT, OWN, REAPED = 1, slice(11, 13), slice(13, 15)


def _fields(process: str) -> list[str]:
    """Return what the kernel says of a process, from its state on."""
    try:
        return Path("/proc", process, "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def server_seconds(server: EmbeddedServer) -> float:
    """Return the seconds that the processor worked for a server, its ended children included."""
    head = Path(server.home.data, "postmaster.pid").read_text().split()[0]
    found = (_fields(path.name) for path in Path("/proc").glob("[0-9]*"))
    children = [fields for fields in found if fields and fields[PARENT] == head]
    whole = _fields(head)
    ticks = [*whole[OWN], *whole[REAPED], *(tick for one in children for tick in one[OWN])]
    return sum(map(int, ticks)) / TICKS


def processor_seconds(server: EmbeddedServer) -> float:
    """Return the seconds that the processor worked here, for ended children, and for a server."""
    own, ended = getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)
    used = own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime
    return used + server_seconds(server)
