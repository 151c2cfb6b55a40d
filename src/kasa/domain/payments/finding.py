"""What one comparison finds: three-valued, with a code and what it was judged on."""

from enum import StrEnum

import attrs

from kasa.domain.payments.evidence import Source
from kasa.domain.payments.reasons import Reason


class Result(StrEnum):
    """Not readable is never a match, and never a difference."""

    MATCH = "match"
    DIFFERS = "differs"
    UNREADABLE = "unreadable"


@attrs.frozen(kw_only=True)
class Finding:
    """The result of a gate or rule; ``cap`` overrides the table's, ``notes`` only inform.

    ``detail`` refines the code: ``pending`` of ``not_final``.
    """

    result: Result
    code: Reason | None = None
    points: int = 0
    cap: int | None = None
    expected: str = ""
    seen: str = ""
    detail: str = ""
    source: Source | None = None
    notes: tuple[Reason, ...] = ()


def matches(code: Reason | None = None, *, points: int = 0) -> Finding:
    """Return that a comparison agrees, and what it is worth."""
    return Finding(result=Result.MATCH, code=code, points=points)


def differs(code: Reason, *, detail: str = "", cap: int | None = None) -> Finding:
    """Return that a comparison disagrees."""
    return Finding(result=Result.DIFFERS, code=code, detail=detail, cap=cap)


def unreadable(code: Reason | None = None) -> Finding:
    """Return that there is nothing to compare."""
    return Finding(result=Result.UNREADABLE, code=code)
