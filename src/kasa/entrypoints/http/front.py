"""The one wrapper around the application: what no request and no answer gets past."""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from uuid import uuid4

from kasa.domain.kernel.errors import KasaError, NotFound
from kasa.entrypoints.http import site
from kasa.entrypoints.http.answers import Answer, refused, sent
from kasa.entrypoints.http.arrival import STATE, Arrival
from kasa.entrypoints.http.cors import preflight, shared_with
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.forwarded import client_address
from kasa.entrypoints.http.problems import HeadersTooLarge, MethodRefused, TooLarge, TooSlow
from kasa.entrypoints.http.reading import header_map
from kasa.entrypoints.http.routing import ROOT
from kasa.entrypoints.http.unreadable import Unreadable
from kasa.entrypoints.http.watching import Seen
from kasa.entrypoints.logs import about

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=()",
}
HSTS = "max-age=63072000; includeSubDomains"
HEALTH = "/health/"
"""Paths that are asked for by any name: who looks after a process knows its address alone."""
_HOST = re.compile(r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?\Z")
REQUESTED = b"access-control-request-method"
_LENGTH = re.compile(r"[0-9]{1,18}\Z")
HTML = site.HTML.encode()
CONTENT_POLICY = site.CONTENT_POLICY.encode()
LOG = logging.getLogger("kasa.http")


class HostRefused(Unreadable):
    """This kasa does not answer under this name."""

    code = "request.host"


class QueryTooLong(Unreadable):
    """The part of the address behind the question mark is too long."""

    code = "query.too_long"


class Front:
    """Checks what is seen without decoding, and puts the headers on every answer."""

    def __init__(self, app: App, doorway: Doorway) -> None:
        self._app = app
        self._doorway = doorway
        self._fixed = always(doorway)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; start and end of the process pass through."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await _Visit(self._app, self._doorway, self._fixed, scope).serve(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})


def always(doorway: Doorway) -> list[tuple[bytes, bytes]]:
    """Return the headers of every answer."""
    fixed = dict(HEADERS)
    if doorway.is_https:
        fixed["strict-transport-security"] = HSTS
    return [(name.encode(), value.encode()) for name, value in fixed.items()]


class _Visit:
    """One request at the front."""

    def __init__(
        self, app: App, doorway: Doorway, fixed: list[tuple[bytes, bytes]], scope: Scope
    ) -> None:
        self._app, self._doorway, self._fixed, self._scope = app, doorway, fixed, scope
        self._id = uuid4()
        self._status = 0
        self._began = time.monotonic()
        self._silent = False
        self._taken = 0
        self._limit = doorway.json_limit

    async def serve(self, receive: Receive, send: Send) -> None:
        """Answer the request, and tell of it."""
        with about(request=str(self._id)):
            try:
                await self._serve(receive, send)
            finally:
                self._doorway.watch(self._seen())

    async def _serve(self, receive: Receive, send: Send) -> None:
        async def leaving(message: Any) -> None:
            await send(self._dressed(message))

        async def coming() -> Any:
            return await self._chunk(receive)

        try:
            self._look()
            if self._asks_before():
                await sent(Answer(status=204), leaving)
                return
            await self._app(self._scope, coming, leaving)
        except KasaError as error:
            await self._tell(refused(error, self._id), leaving)
        except Exception as error:
            LOG.exception("request failed")
            if self._status:
                raise
            await self._tell(refused(error, self._id), leaving)

    def _look(self) -> None:
        """Raise what is wrong with method, host, header and size; note the rest."""
        scope = self._scope
        headers = header_map(scope["headers"])
        size = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
        if size > self._doorway.header_limit:
            raise HeadersTooLarge
        self._refuse_host(scope["headers"])
        if scope["method"] not in METHODS:
            raise MethodRefused
        if "//" in scope["path"] or (scope["path"] != "/" and scope["path"].endswith("/")):
            raise NotFound
        if len(scope["query_string"]) > self._doorway.query_limit:
            raise QueryTooLong
        if headers.get("content-type", "").lstrip().lower().startswith("multipart/form-data"):
            self._limit = self._doorway.upload_limit
        length = headers.get("content-length")
        if length is not None and (not _LENGTH.match(length) or int(length) > self._limit):
            raise TooLarge
        self._silent = scope["method"] == "HEAD"
        scope["state"] = {
            **scope.get("state", {}),
            STATE: Arrival(
                request_id=self._id,
                method="GET" if self._silent else scope["method"],
                address=client_address(
                    _peer(scope), scope["headers"], self._doorway.trusted_proxies
                ),
                headers=headers,
                language=_language(headers),
            ),
        }

    def _refuse_host(self, headers: list[tuple[bytes, bytes]]) -> None:
        named = [value.decode("latin-1") for name, value in headers if name.lower() == b"host"]
        found = _HOST.match(named[0]) if len(named) == 1 else None
        if found is None:
            raise HostRefused
        known = found[1].strip("[]").lower().rstrip(".") in self._doorway.hosts
        if not known and not self._scope["path"].startswith(HEALTH):
            raise HostRefused

    @property
    def _origin(self) -> bytes:
        given = [value for name, value in self._scope["headers"] if name.lower() == b"origin"]
        return given[0] if len(given) == 1 else b""

    @property
    def _is_shared(self) -> bool:
        return bool(self._doorway.cors_origins) and self._scope["path"].startswith(ROOT)

    def _asks_before(self) -> bool:
        """Return whether a browser asks what a page of another origin may send."""
        asks = any(name.lower() == REQUESTED for name, _ in self._scope["headers"])
        return asks and self._is_shared and self._scope["method"] == "OPTIONS"

    def _shared(self) -> list[tuple[bytes, bytes]]:
        if not self._is_shared:
            return []
        if self._asks_before():
            return preflight(self._origin, self._doorway.cors_origins, METHODS)
        return shared_with(self._origin, self._doorway.cors_origins)

    def _seen(self) -> Seen:
        """Return what is told of this request."""
        arrival = self._scope.get("state", {}).get(STATE)
        route = None if arrival is None else arrival.route
        return Seen(
            request=self._id,
            method=self._scope["method"] if self._scope["method"] in METHODS else "",
            route="" if route is None else route.full_path,
            status=self._status,
            seconds=time.monotonic() - self._began,
            tenant=None if arrival is None else arrival.tenant,
            actor=None if arrival is None else arrival.by,
        )

    async def _chunk(self, receive: Receive) -> Any:
        try:
            async with asyncio.timeout(self._doorway.chunk_wait):
                message = await receive()
        except TimeoutError as error:
            raise TooSlow from error
        self._taken += len(message.get("body", b""))
        if self._taken > self._limit:
            raise TooLarge
        return message

    def _dressed(self, message: Any) -> Any:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            given = [(name.lower(), value) for name, value in message["headers"]]
            names = {name for name, _ in given}
            own = [pair for pair in self._fixed if pair[0] not in names]
            own += [pair for pair in self._shared() if pair[0] not in names]
            own.append((b"x-request-id", str(self._id).encode()))
            if (b"content-type", HTML) in given:
                own.append((b"content-security-policy", CONTENT_POLICY))
            if b"cache-control" not in names:
                own.append((b"cache-control", b"no-store"))
            return {**message, "headers": [*given, *own]}
        if self._silent and message["type"] == "http.response.body":
            return {**message, "body": b""}
        return message

    async def _tell(self, answer: Answer, send: Send) -> None:
        if not self._status:
            await sent(answer, send)


def _peer(scope: Mapping[str, Any]) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _language(headers: Mapping[str, str]) -> str:
    """Return km when it is wanted before English, else en."""
    for wanted in headers.get("accept-language", "").lower().split(","):
        name = wanted.partition(";")[0].strip().partition("-")[0]
        if name in {"en", "km"}:
            return name
    return "en"
