"""Pages of other origins that may call the API: those that are named, and without cookies."""

from collections.abc import Iterable, Sequence

ALLOWED_HEADERS = b", ".join(
    (
        b"Accept-Language",
        b"Authorization",
        b"Content-Type",
        b"Idempotency-Key",
        b"Prefer",
        b"X-Request-Id",
    )
)
SHOWN_HEADERS = b", ".join(
    (
        b"Content-Disposition",
        b"Deprecation",
        b"Idempotent-Replayed",
        b"Location",
        b"Retry-After",
        b"Sunset",
        b"WWW-Authenticate",
        b"X-Request-Id",
    )
)
MAX_AGE_SECONDS = b"600"
Headers = list[tuple[bytes, bytes]]


def shared_with(origin: bytes, origins: Sequence[str]) -> Headers:
    """Return the headers that let a page of this origin read an answer: none for a stranger.

    Where some origin is named, every answer says that it depends on the origin.
    """
    if not origins:
        return []
    vary = (b"vary", b"Origin")
    if origin.decode("latin-1") not in origins:
        return [vary]
    return [
        vary,
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", SHOWN_HEADERS),
    ]


def preflight(origin: bytes, origins: Sequence[str], methods: Iterable[str]) -> Headers:
    """Return the headers that answer the question of a browser: nothing for a stranger."""
    shared = shared_with(origin, origins)
    if len(shared) < 2:
        return shared
    return [
        *shared[:2],
        (b"access-control-allow-methods", ", ".join(sorted(methods)).encode()),
        (b"access-control-allow-headers", ALLOWED_HEADERS),
        (b"access-control-max-age", MAX_AGE_SECONDS),
    ]
