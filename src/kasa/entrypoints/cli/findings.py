"""What the doctor finds: one line for each part."""

from enum import StrEnum

import attrs

from kasa.entrypoints.opened import ConnectionsCounted


class Health(StrEnum):
    """How a part is: a warning limits what kasa can do, a failure stops it."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@attrs.frozen
class Finding:
    """One line of the doctor: the part, how it is, what was seen, and what mends it."""

    part: str
    health: Health
    seen: str
    mend: str = ""


def connection_check(found: ConnectionsCounted) -> Finding:
    """Say whether the server grants what all processes may hold at once, and some to spare."""
    seen = f"{found.wanted} at most, {found.limit} to be had"
    if found.fit:
        return Finding("connections", Health.OK, seen)
    mend = "raise max_connections of the server, or put PgBouncer before it"
    return Finding("connections", Health.FAIL, seen, mend)
