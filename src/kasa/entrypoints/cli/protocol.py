"""HTTP/1.1 as uvicorn reads it, with a limit for the head of a request and for its time.

uvicorn with httptools takes a head of any size and waits for its end without end.
"""

import asyncio
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import uuid4

import attrs
from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

Headers = Sequence[tuple[bytes, bytes]]

HEAD_BYTES_MAX = 16 * 1024
HEAD_SECONDS = 10
LINGER_SECONDS = 2
"""How long what still arrives is thrown away after a refusal, so that its answer is read."""


@attrs.frozen
class Refusal:
    """A problem that is answered before any route is known."""

    status: HTTPStatus
    code: str
    title: str
    retry_after: int | None = None

    def parts(self, always: Headers) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """Return the headers, after those of every answer, and the body."""
        request = str(uuid4())
        told: dict[str, object] = {
            "type": f"/problems/{self.code}",
            "code": self.code,
            "status": int(self.status),
            "title": self.title,
            "instance": f"urn:uuid:{request}",
        }
        headers = [*always, (b"x-request-id", request.encode())]
        if self.retry_after is not None:
            told["retry_after"] = self.retry_after
            headers.append((b"retry-after", str(self.retry_after).encode()))
        body = json.dumps(told).encode()
        headers += [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        return headers, body

    def raw(self, always: Headers) -> bytes:
        """Return the whole answer as bytes."""
        headers, body = self.parts(always)
        first = f"HTTP/1.1 {int(self.status)} {self.status.phrase}\r\n".encode()
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        return first + lines + b"\r\n" + body


TOO_LARGE = Refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "request.headers",
    "The head of the request is larger than 16 KiB.",
)
UNREADABLE = Refusal(
    HTTPStatus.BAD_REQUEST, "request.http", "This is not a request that HTTP/1.1 knows."
)
CROWDED = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE, "store.busy", "Too many are connected; try again.", 1
)


class CappedProtocol(HttpToolsProtocol):
    """Refuses a head past 16 KiB and one read, and ends a connection whose head takes 10 s.

    What it answers itself is a problem, with the headers that are ``always`` sent.
    """

    always: ClassVar[Headers] = ()
    head_seconds: ClassVar[float] = HEAD_SECONDS

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_head = True
        self._uncounted = 0
        self._refused = False
        self._head_ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Take a connection; its first head is waited for."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, and count what neither ends a head nor belongs to a body."""
        if self._refused:
            return
        if self._in_head and self._head_ends is None:
            self._await_head()
        self._uncounted += len(data)
        super().data_received(data)
        if self._uncounted > HEAD_BYTES_MAX and not self._refused:
            self._refuse(TOO_LARGE)

    def on_message_begin(self) -> None:
        """Begin a head, in the middle of a read."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End a head."""
        self._in_head = False
        self._uncounted = 0
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body, whose size is limited where it is read."""
        self._uncounted = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request; the next head may follow in the same read."""
        self._in_head = True
        self._uncounted = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 # our own words
        """Refuse what the parser cannot read."""
        self._refuse(UNREADABLE)

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        super()._start_asgi_task(cycle, crowded if app is service_unavailable else app)

    @property
    def _is_answering(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete

    def _await_head(self) -> None:
        self._stop_waiting()
        self._head_ends = self.loop.call_later(type(self).head_seconds, self._head_took_too_long)

    def _stop_waiting(self) -> None:
        if self._head_ends is not None:
            self._head_ends.cancel()
            self._head_ends = None

    def _head_took_too_long(self) -> None:
        """End the connection, unless an earlier request of it is still being answered."""
        if self._is_answering:
            self._await_head()
        else:
            self.transport.close()

    def _refuse(self, refusal: Refusal) -> None:
        """Answer, and take no more: what is on its way is thrown away for a moment."""
        self._refused = True
        self._stop_waiting()
        if not self._is_answering:
            self.transport.write(refusal.raw(type(self).always))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)


async def crowded(_scope: Any, _receive: Any, send: Any) -> None:
    """Answer that there are more connections than this process takes."""
    headers, body = CROWDED.parts(CappedProtocol.always)
    start = {"type": "http.response.start", "status": int(CROWDED.status), "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})
