"""A caller of the door without a socket: it speaks ASGI to the application."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import attrs
import msgspec

from kasa.entrypoints.http.front import Front
from tests.integration.http.truth import Truth

HOST = "127.0.0.1"
FIXED = frozenset(
    {
        "cache-control",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "permissions-policy",
        "referrer-policy",
        "x-content-type-options",
        "x-request-id",
    }
)
"""The headers that every answer has."""
BOUNDARY = "kasa-boundary"


@attrs.frozen(kw_only=True)
class Answered:
    """What came back: a status, headers by lower-case names, bytes."""

    status: int
    headers: Mapping[str, str]
    content: bytes = attrs.field(repr=lambda content: repr(content[:200]))

    def json(self) -> Any:
        """Return the body as JSON."""
        return msgspec.json.decode(self.content)

    @property
    def code(self) -> str:
        """The code of a problem."""
        found: str = self.json()["code"]
        return found

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode()


@attrs.frozen(kw_only=True)
class Asking:
    """A request, ready to be sent."""

    method: str
    path: str
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    chunks: tuple[bytes, ...]
    ends: bool = True


@attrs.define(eq=False)
class Web:
    """Calls an application; ``headers`` go with every request.

    Every answer is held against the document that the application publishes.
    """

    app: Front
    runner: asyncio.Runner
    headers: dict[str, str] = attrs.field(factory=dict)
    truth: Truth | None = None

    def bearing(self, token: str) -> "Web":
        """Return the same caller with another token."""
        return attrs.evolve(self, headers={**self.headers, "authorization": f"Bearer {token}"})

    def ask(
        self,
        method: str,
        target: str,
        *,
        json: Any = None,
        content: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        key: str | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        fields: Mapping[str, str] | None = None,
        ends: bool = True,
    ) -> Answered:
        """Send a request and return its answer; a POST without ``key`` gets a fresh one."""
        asking = self.asking(
            method,
            target,
            json=json,
            content=content,
            headers=headers,
            key=key,
            files=files,
            fields=fields,
            ends=ends,
        )
        return self.runner.run(self.sent(asking))

    def get(self, target: str, **options: Any) -> Answered:
        """Read something."""
        return self.ask("GET", target, **options)

    def post(self, target: str, **options: Any) -> Answered:
        """Create or do something."""
        return self.ask("POST", target, **options)

    def put(self, target: str, **options: Any) -> Answered:
        """Replace something."""
        return self.ask("PUT", target, **options)

    def patch(self, target: str, **options: Any) -> Answered:
        """Change something."""
        return self.ask("PATCH", target, **options)

    def delete(self, target: str, **options: Any) -> Answered:
        """Remove something."""
        return self.ask("DELETE", target, **options)

    def together(self, asked: Iterable[Asking]) -> list[Answered]:
        """Send requests at the same time."""

        async def gathered() -> list[Answered]:
            return list(await asyncio.gather(*(self.sent(asking) for asking in asked)))

        return self.runner.run(gathered())

    def asking(
        self,
        method: str,
        target: str,
        *,
        json: Any = None,
        content: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        key: str | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        fields: Mapping[str, str] | None = None,
        ends: bool = True,
    ) -> Asking:
        """Return a request, ready to be sent."""
        path, _, query = target.partition("?")
        given = {"host": HOST, **self.headers}
        chunks: tuple[bytes, ...] = ()
        if json is not None:
            chunks = (_json(json),)
            given["content-type"] = "application/json"
        if files is not None or fields is not None:
            chunks = (multipart(files or {}, fields or {}),)
            given["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
        if content is not None:
            chunks = (content,) if isinstance(content, bytes) else tuple(content)
        if key is None and method == "POST":
            key = str(uuid4())
        if key:
            given["idempotency-key"] = key
        if chunks and ends:
            given["content-length"] = str(sum(map(len, chunks)))
        given.update({name.lower(): value for name, value in (headers or {}).items()})
        return Asking(
            method=method,
            path=path,
            query=query.encode(),
            headers=tuple((name.encode(), value.encode()) for name, value in given.items()),
            chunks=chunks,
            ends=ends,
        )

    async def sent(self, asking: Asking) -> Answered:
        """Send a request and return its answer."""
        waiting = list(asking.chunks)
        never = asyncio.Event()

        async def receive() -> Any:
            if waiting:
                chunk = waiting.pop(0)
                more = bool(waiting) or not asking.ends
                return {"type": "http.request", "body": chunk, "more_body": more}
            if not asking.ends:
                await never.wait()
            return {"type": "http.request", "body": b"", "more_body": False}

        told: list[Any] = []

        async def send(message: Any) -> None:
            told.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": asking.method,
            "scheme": "http",
            "path": asking.path,
            "raw_path": quote(asking.path).encode(),
            "query_string": asking.query,
            "root_path": "",
            "headers": list(asking.headers),
            "client": ("127.0.0.1", 40000),
            "server": (HOST, 8000),
        }
        await self.app(scope, receive, send)
        start = told[0]
        body = b"".join(message.get("body", b"") for message in told[1:])
        names = [name.decode() for name, _ in start["headers"]]
        assert sorted(set(names)) == sorted(names), names
        assert set(names) >= FIXED, (asking.path, names)
        answer = Answered(
            status=start["status"],
            headers={name.decode(): value.decode("latin-1") for name, value in start["headers"]},
            content=body,
        )
        if self.truth is not None and asking.method != "HEAD":
            self.truth.hold(asking.method, asking.path, answer)
        return answer


@contextmanager
def calling(app: Front) -> Iterator[Web]:
    """Yield a caller of an application, and close what it ran on."""
    with asyncio.Runner() as runner:
        yield Web(app, runner)


def multipart(files: Mapping[str, tuple[str, bytes, str]], fields: Mapping[str, str]) -> bytes:
    """Return a form with files: of each its name, bytes and media type."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, (file_name, data, media_type) in files.items():
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; '
            f'filename="{file_name}"\r\nContent-Type: {media_type}\r\n\r\n'
        )
        parts.append(head.encode() + data + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def _json(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
