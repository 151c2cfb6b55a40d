"""One HTTP client for one host: it never follows a redirect, and never says what it carries."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import attrs
import httpx2

from kasa.adapters.http_client.errors import AnswerTooLarge, Unreachable, retry_after_seconds
from kasa.adapters.http_client.resilience import Breaker, Faulty, patiently

SERVER_FAULT = 500
JSON_UNPACKED = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
}
"""A packed answer is not unpacked: a small one may hold far more than is ever read."""


@attrs.frozen(kw_only=True)
class CallLimits:
    """How long and how large a call may be."""

    connect_seconds: float = 3.0
    read_seconds: float = 10.0
    total_seconds: float = 15.0
    body_bytes: int = 10 * 1024 * 1024


@attrs.frozen(kw_only=True)
class HttpAnswer:
    """An answer as it came; ``retry_after`` are the seconds of that header, else 0."""

    status: int
    body: bytes = attrs.field(repr=False)
    retry_after: int = 0


class _FaultyAnswer(Faulty):
    def __init__(self, answer: HttpAnswer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class HttpClient:
    """Calls the one host that it was made for; any other address is a bug.

    ``headers`` are sent with every call and are never shown: neither in a representation, nor in
    an error, nor in a log. Errors name no address.
    """

    def __init__(
        self,
        base_url: str,
        *,
        breaker: Breaker,
        headers: Mapping[str, str] | None = None,
        limits: CallLimits | None = None,
    ) -> None:
        self._limits = limits or CallLimits()
        self.breaker = breaker
        self._client = httpx2.Client(
            base_url=base_url,
            headers=dict(headers or {}),
            follow_redirects=False,
            timeout=httpx2.Timeout(self._limits.read_seconds, connect=self._limits.connect_seconds),
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._client.base_url.host!r})"

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def post(self, path: str, body: str, *, attempts: int = 1) -> HttpAnswer:
        """Send a JSON text to a path of the host and return the answer, whatever its status.

        More than one attempt only for calls that may be repeated. Raises ``outside.*``.
        """

        def send() -> HttpAnswer:
            return self.breaker.call(lambda: self._send(path, body))

        try:
            return send() if attempts == 1 else patiently(send, attempts=attempts)
        except _FaultyAnswer as fault:
            return fault.answer

    def _send(self, path: str, body: str) -> HttpAnswer:
        request = self._client.build_request(
            "POST",
            path,
            content=body.encode(),
            headers=JSON_UNPACKED,
        )
        if request.url.host != self._client.base_url.host:
            raise RuntimeError("a client calls its own host only")
        answer = _quietly(lambda: self._read(request))
        if answer.status >= SERVER_FAULT:
            raise _FaultyAnswer(answer)
        return answer

    def _read(self, request: httpx2.Request) -> HttpAnswer:
        ends = time.monotonic() + self._limits.total_seconds
        response = self._client.send(request, stream=True)
        try:
            body = bytearray()
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > self._limits.body_bytes:
                    raise AnswerTooLarge
                if time.monotonic() > ends:
                    raise Unreachable
        finally:
            response.close()
        return HttpAnswer(
            status=response.status_code,
            body=bytes(body),
            retry_after=retry_after_seconds(response.headers.get("Retry-After"), datetime.now(UTC)),
        )


def _quietly(call: Callable[[], HttpAnswer]) -> HttpAnswer:
    """Call, and raise ``Unreachable`` without what the library says: it may name addresses."""
    try:
        return call()
    except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL):
        pass
    raise Unreachable
