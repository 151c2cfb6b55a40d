"""The root of every refusal, and its eight kinds, named for what the caller can do."""

from typing import ClassVar

ErrorFact = str | int | bool | None | tuple[str, ...]


class KasaError(Exception):
    """Something was refused or failed.

    ``code`` is stable, the sentence is for people.
    A concrete error stands in the module that raises it and sets ``code``. Its docstring's first
    line is the sentence used when no other is given. ``facts`` are values the caller may see.
    """

    code: ClassVar[str] = "internal"

    def __init__(self, message: str = "", **facts: ErrorFact) -> None:
        self.message = message or (type(self).__doc__ or self.code).partition("\n")[0]
        self.facts = facts
        super().__init__(self.message)


class Invalid(KasaError):
    """What was sent cannot be accepted as it is."""

    code = "invalid"


class Unauthenticated(KasaError):
    """Nobody is signed in, or the proof of it is not valid."""

    code = "identity.token_invalid"


class NotEntitled(KasaError):
    """The plan does not allow this."""

    code = "plan.feature_locked"


class Forbidden(KasaError):
    """The role does not allow this."""

    code = "access.role_too_low"


class NotFound(KasaError):
    """There is no such thing here.

    What belongs to another shop is answered as what does not exist.
    """

    code = "not_found"


class Conflict(KasaError):
    """The state of things does not allow this now."""

    code = "conflict"


class Throttled(KasaError):
    """Too many tries; come back a little later.

    ``retry_after`` is the wait in seconds.
    """

    code = "rate.limited"

    def __init__(self, message: str = "", *, retry_after: int, **facts: ErrorFact) -> None:
        super().__init__(message, retry_after=retry_after, **facts)
        self.retry_after = retry_after


class Unavailable(KasaError):
    """Something that is needed cannot be reached; try again a little later.

    ``retry_after`` is the wait in seconds.
    """

    code = "store.unavailable"

    def __init__(self, message: str = "", *, retry_after: int = 2, **facts: ErrorFact) -> None:
        super().__init__(message, retry_after=retry_after, **facts)
        self.retry_after = retry_after


class VersionStale(Conflict):
    """Somebody changed it meanwhile; read it again."""

    code = "version.stale"
