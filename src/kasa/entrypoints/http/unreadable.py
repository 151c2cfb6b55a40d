"""What cannot be read at all: a kind of its own at this door, answered with 400."""

import attrs

from kasa.domain.kernel.errors import KasaError


@attrs.frozen
class Fault:
    """One member that is wrong: where it stands, its code, what is wrong with it."""

    pointer: str
    code: str
    detail: str


class Unreadable(KasaError):
    """The request cannot be read.

    ``errors`` tells of single members.
    """

    code = "request.unreadable"

    def __init__(self, message: str = "", *, errors: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.errors = errors


def faults_of(error: KasaError) -> tuple[Fault, ...]:
    """Return the single members that are wrong."""
    at = error.facts.get("at")
    if isinstance(at, str):
        return (Fault(at, error.code, error.message),)
    return error.errors if isinstance(error, Unreadable) else ()
