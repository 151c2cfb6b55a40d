"""What is told of each request when it was answered: never a body, a value, or a cookie."""

import logging
from collections.abc import Callable
from uuid import UUID

import attrs

LOG = logging.getLogger(__name__)


@attrs.frozen(kw_only=True)
class Seen:
    """One answered request; ``route`` is its template, empty when no route took it.

    ``status`` 0: the caller left before the answer began.
    """

    request: UUID
    method: str
    route: str
    status: int
    seconds: float
    tenant: UUID | None = None
    actor: UUID | None = None


Watch = Callable[[Seen], None]


def unwatched(_: Seen) -> None:
    """Tell nobody."""


def log_line(seen: Seen) -> None:
    """Write the one line of a request."""
    LOG.info(
        "http.request",
        extra={
            "request": str(seen.request),
            "method": seen.method,
            "route": seen.route or None,
            "status": seen.status,
            "ms": round(seen.seconds * 1000, 1),
            "tenant": None if seen.tenant is None else str(seen.tenant),
            "actor": None if seen.actor is None else str(seen.actor),
        },
    )
