"""A small application behind the server's protocol, on a thread of the test."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from kasa.entrypoints.cli.protocol import CappedProtocol

ANSWER_SECONDS = 20


class ShortProtocol(CappedProtocol):
    """The protocol with less patience for a head."""

    head_seconds = 0.2


async def counting(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the number of bytes of the body."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = str(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def served(
    protocol: type[CappedProtocol] = CappedProtocol, *, limit: int | None = None
) -> Iterator[int]:
    """Serve on a free port of this machine, and yield it."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        counting,
        http=protocol,
        loop="uvloop",
        lifespan="off",
        ws="none",
        log_config=None,
        limit_concurrency=limit,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(ANSWER_SECONDS)


def answer_of(port: int, *pieces: bytes) -> bytes:
    """Send pieces on one connection, and return all that is answered until it ends."""
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS) as connection:
        for piece in pieces:
            try:
                connection.sendall(piece)
            except OSError:
                break
        got = bytearray()
        while data := connection.recv(65536):
            got += data
    return bytes(got)
