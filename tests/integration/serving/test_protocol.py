"""What the server takes before any route is known: heads have a size and a time."""

import json
import socket
import time
from collections.abc import Iterator

import pytest

from kasa.entrypoints.cli.protocol import HEAD_BYTES_MAX
from tests.integration.serving.served import ANSWER_SECONDS, ShortProtocol, answer_of, served

pytestmark = pytest.mark.integration

KIB = 1024
LAST = b"Connection: close\r\n\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Return the port of a server with the limits of every server."""
    with served() as found:
        yield found


@pytest.fixture(scope="module")
def hasty() -> Iterator[int]:
    """Return the port of a server with little patience."""
    with served(ShortProtocol) as found:
        yield found


def _head(size: int) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: here\r\nX-Long: " + b"a" * size + b"\r\n"


@pytest.mark.parametrize("size", [KIB, 15 * KIB])
def test_a_head_within_the_limit_is_read(port: int, size: int) -> None:
    """Nobody honest sends more."""
    assert answer_of(port, _head(size), LAST).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("size", [300 * KIB, 20 * KIB * KIB])
def test_a_head_past_the_limit_is_refused_as_a_problem(port: int, size: int) -> None:
    """The answer arrives although its reader was still sending, and nothing is kept."""
    answer = answer_of(port, _head(size), LAST)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 Request Header Fields Too Large")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["code"] == "request.headers"


def test_many_small_pieces_of_a_head_are_counted_together(port: int) -> None:
    """A head in small reads is refused at the limit, not at its end."""
    piece = b"X-Piece: " + b"b" * 1000 + b"\r\n"
    answer = answer_of(port, b"GET / HTTP/1.1\r\nHost: here\r\n", *[piece] * 40)
    assert answer.startswith(b"HTTP/1.1 431")


def test_trailers_are_counted_like_a_head(port: int) -> None:
    """What follows a body in pieces has no other limit than a head."""
    start = b"POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
    answer = answer_of(port, start, b"X-Trailer: " + b"c" * 10 * HEAD_BYTES_MAX)
    assert answer.count(b"HTTP/1.1") <= 1


def test_large_bodies_on_a_kept_connection_are_not_heads(port: int) -> None:
    """Three bodies of 3 MB, one after the other, and one in pieces."""
    body = b"d" * 3 * KIB * KIB
    whole = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    pieces = b"POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n"
    chunked = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    answer = answer_of(port, whole, whole, whole, pieces + LAST + chunked)
    assert answer.count(str(len(body)).encode()) == 4


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET / HTTP/1.1\r\nHost: here\r\n"])
def test_a_head_that_does_not_end_ends_the_connection(hasty: int, sent: bytes) -> None:
    """Neither silence nor a trickle holds a connection."""
    began = time.monotonic()
    assert answer_of(hasty, sent) == b""
    assert time.monotonic() - began < ANSWER_SECONDS


def test_a_body_may_take_longer_than_a_head(hasty: int) -> None:
    """The time is that of the head alone: an upload from a phone is slow."""
    with socket.create_connection(("127.0.0.1", hasty)) as phone:
        phone.settimeout(ANSWER_SECONDS)
        phone.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\ne")
        time.sleep(2 * ShortProtocol.head_seconds)
        phone.sendall(b"e")
        assert phone.recv(65536).startswith(b"HTTP/1.1 200")


def test_what_is_no_http_is_a_problem(port: int) -> None:
    """A parser's words are not shown."""
    answer = answer_of(port, b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "request.http"


def test_past_the_limit_of_connections_the_answer_is_busy() -> None:
    """Everybody beyond it is told when to come back."""
    with served(limit=1) as port:
        answer = answer_of(port, _head(1), LAST)
    assert answer.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 1" in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "store.busy"
