"""Refusals as problem documents (RFC 9457): the one table from kinds and codes to a status."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import attrs
import msgspec

from kasa.domain.kernel.errors import (
    Conflict,
    Forbidden,
    Invalid,
    KasaError,
    NotEntitled,
    NotFound,
    Throttled,
    Unauthenticated,
    Unavailable,
)
from kasa.entrypoints.http.unreadable import Unreadable, faults_of

MEDIA_TYPE = "application/problem+json"
ERRORS_LIMIT = 50


class MethodRefused(KasaError):
    """This address does not know this verb."""

    code = "request.method"


class TooLarge(KasaError):
    """The request is larger than is taken here."""

    code = "request.too_large"


class TooSlow(KasaError):
    """The rest of the request did not come in time."""

    code = "request.timeout"


class MediaTypeRefused(KasaError):
    """The body is of a kind that is not taken here."""

    code = "request.media_type"


class HeadersTooLarge(KasaError):
    """The headers are larger than is taken here."""

    code = "request.headers"


class Bug(KasaError):
    """Something went wrong here; it was noted."""


KINDS: Mapping[type[KasaError], int] = {
    Unreadable: 400,
    Unauthenticated: 401,
    NotEntitled: 402,
    Forbidden: 403,
    NotFound: 404,
    MethodRefused: 405,
    TooSlow: 408,
    Conflict: 409,
    TooLarge: 413,
    MediaTypeRefused: 415,
    Invalid: 422,
    Throttled: 429,
    HeadersTooLarge: 431,
    Unavailable: 503,
}
CODES: Mapping[str, int] = {
    "money.syntax": 400,
    "idempotency.key_malformed": 400,
    "evidence.too_large": 413,
    "file.too_large": 413,
}
"""Refusals of the domain that say a value cannot even be read."""
TITLES: Mapping[int, str] = {
    400: "The request cannot be read",
    401: "Not signed in",
    402: "Not in the plan",
    403: "Not allowed",
    404: "Not found",
    405: "Not for this verb",
    408: "Too slow",
    409: "Not now",
    413: "Too large",
    415: "Wrong kind of body",
    422: "Not possible as it is",
    429: "Too many tries",
    431: "Headers too large",
    500: "A bug in kasa",
    503: "Not reachable now",
}
SHOWN_FACTS = ("current_version", "holder")
PLAN_FACTS = ("feature", "kind", "limit", "used", "resets_at", "plans")


@attrs.frozen(kw_only=True)
class Problem:
    """A refusal, ready to be sent."""

    status: int
    code: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def status_of(error: KasaError | type[KasaError]) -> int:
    """Return the status of a refusal; 500 for what is none of the kinds."""
    found = CODES.get(error.code)
    if found is not None:
        return found
    kind = error if isinstance(error, type) else type(error)
    return next((KINDS[part] for part in kind.__mro__ if part in KINDS), 500)


def problem_of(error: BaseException, request_id: UUID) -> Problem:
    """Return the problem document of an error; of a bug nothing but the request's identifier."""
    status = status_of(error) if isinstance(error, KasaError) else 500
    if not isinstance(error, KasaError) or status == 500:
        return _document(500, Bug(), request_id)
    return _document(status, error, request_id)


def _document(status: int, error: KasaError, request_id: UUID) -> Problem:
    code = error.code
    content: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": TITLES[status],
        "status": status,
        "code": code,
        "detail": error.message,
        "instance": f"urn:uuid:{request_id}",
    }
    headers: list[tuple[str, str]] = []
    content.update(_facts(error))
    wait = error.facts.get("retry_after")
    if wait is not None:
        content["retry_after"] = wait
        headers.append(("retry-after", str(wait)))
    if status == 401:
        headers.append(("www-authenticate", _challenge(code)))
    return Problem(
        status=status, code=code, body=msgspec.json.encode(content), headers=tuple(headers)
    )


def _facts(error: KasaError) -> dict[str, Any]:
    told: dict[str, Any] = {}
    faults = faults_of(error)
    if faults:
        told["errors"] = [attrs.asdict(fault) for fault in faults[:ERRORS_LIMIT]]
    told.update({name: error.facts[name] for name in SHOWN_FACTS if name in error.facts})
    if isinstance(error, NotEntitled):
        told.update({name: error.facts[name] for name in PLAN_FACTS if name in error.facts})
    return told


def _challenge(code: str) -> str:
    return f'Bearer realm="kasa", error="invalid_token", error_description="{code}"'
