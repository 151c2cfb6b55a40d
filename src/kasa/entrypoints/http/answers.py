"""Answers as they leave: a status, headers, bytes at once or in parts."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

import attrs

from kasa.entrypoints.http.problems import MEDIA_TYPE, problem_of
from kasa.entrypoints.http.routing import Sent

Send = Callable[[Any], Awaitable[None]]


@attrs.frozen(kw_only=True, eq=False)
class Answer:
    """What is sent: a status, headers, bytes at once or in parts."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    parts: Iterable[bytes] | None = None


def refused(error: BaseException, request_id: UUID) -> Answer:
    """Return the answer that tells of a refusal, or of a bug."""
    problem = problem_of(error, request_id)
    headers = (("content-type", MEDIA_TYPE), *problem.headers)
    return Answer(status=problem.status, headers=headers, body=problem.body)


async def sent(answer: Answer, send: Send) -> None:
    """Send an answer, at once or in parts."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if answer.parts is None and answer.status != 204:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if answer.parts is not None:
        await _sent_in_parts(answer.parts, send)
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


async def _sent_in_parts(parts: Iterable[bytes], send: Send) -> None:
    """Send what a thread reads part by part; it is closed also when the caller has left."""
    reading = iter(parts)
    try:
        while (part := await asyncio.to_thread(next, reading, None)) is not None:
            await send({"type": "http.response.body", "body": part, "more_body": True})
    finally:
        close = getattr(reading, "close", None)
        if close is not None:
            await asyncio.to_thread(close)


def file_of(sent: Sent) -> Answer:
    """Return the answer that carries a file."""
    content = sent.content
    whole = content if isinstance(content, bytes) else b""
    headers = {
        "content-type": sent.media_type,
        "cache-control": "private, no-store",
        "content-disposition": _disposition(sent),
        **sent.headers,
    }
    if sent.media_type.startswith("text/html"):
        headers.pop("content-disposition")
    return Answer(
        status=sent.status,
        headers=tuple(headers.items()),
        body=whole,
        parts=None if isinstance(content, bytes) else content,
    )


def _disposition(sent: Sent) -> str:
    kind = "inline" if sent.inline else "attachment"
    safe = "".join(
        it if it.isascii() and (it.isalnum() or it in "._- ") else "_" for it in sent.file_name
    )
    return f'{kind}; filename="{safe[:120]}"' if safe else kind
