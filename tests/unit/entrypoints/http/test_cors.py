"""Pages of other origins: only those that are named, and never with cookies."""

from kasa.entrypoints.http.cors import preflight, shared_with

NAMED = ("https://app.example",)


def test_no_origin_is_named_by_default() -> None:
    """Then nothing is said at all."""
    assert shared_with(b"https://app.example", ()) == []
    assert preflight(b"https://app.example", (), ["GET"]) == []


def test_a_named_origin_may_read() -> None:
    """It is named back exactly, and caches keep the answers of two origins apart."""
    headers = dict(shared_with(b"https://app.example", NAMED))
    assert headers[b"access-control-allow-origin"] == b"https://app.example"
    assert headers[b"vary"] == b"Origin"
    assert b"access-control-allow-credentials" not in headers


def test_a_stranger_may_not() -> None:
    """Neither a part of a named origin nor one that contains it."""
    for stranger in (b"https://app.example.evil", b"https://evil.example", b"null", b""):
        for told in (shared_with(stranger, NAMED), preflight(stranger, NAMED, ["GET"])):
            assert told == [(b"vary", b"Origin")]


def test_a_browser_is_told_what_it_may_send() -> None:
    """Verbs of the route, and the headers of this API."""
    headers = dict(preflight(b"https://app.example", NAMED, ["POST", "GET"]))
    assert headers[b"access-control-allow-methods"] == b"GET, POST"
    assert b"Idempotency-Key" in headers[b"access-control-allow-headers"]
