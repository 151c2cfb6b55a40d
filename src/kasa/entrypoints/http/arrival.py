"""What the front has seen of a request before anything is decoded."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import attrs

from kasa.entrypoints.http.routing import Route

STATE = "kasa"


@attrs.define(kw_only=True, eq=False)
class Arrival:
    """A request as it came: its identifier, its verb, whence, its headers by lower-case names.

    ``route`` is set when it was found, ``tenant`` and ``by`` when the caller was admitted: for the
    log.
    """

    request_id: UUID
    method: str
    address: str
    headers: Mapping[str, str]
    language: str = "en"
    route: Route | None = None
    media_type: str = ""
    tenant: UUID | None = None
    by: UUID | None = None

    @property
    def found(self) -> Route:
        """The route, once it was found."""
        assert self.route is not None, "no route was found yet"
        return self.route


def arrival_of(scope: Mapping[str, Any]) -> Arrival:
    """Return what the front has noted of a request."""
    found = scope["state"][STATE]
    assert isinstance(found, Arrival)
    return found


class Gone(Exception):
    """The caller has left before the request was whole; nobody waits for an answer."""
