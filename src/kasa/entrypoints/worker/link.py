"""What parent and child of a worker say to each other: one byte each, over a pair of sockets."""

import select
import socket
from contextlib import suppress
from enum import Enum


class Word(Enum):
    """What can be said. The parent says ``STOP`` and ``NOW``, the child all else."""

    ALIVE = b"."
    READY = b"r"
    AWAY = b"a"
    BACK = b"b"
    STOP = b"s"
    NOW = b"n"


class LinkLost(Exception):
    """The other side is gone."""


class Link:
    """One end of the pair."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def say(self, word: Word) -> None:
        """Say a word, or raise ``LinkLost``; one that nobody takes in is dropped."""
        try:
            self._end.send(word.value, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError as error:
            raise LinkLost from error

    def hear(self, seconds: float) -> tuple[Word, ...]:
        """Return what was said meanwhile, at once or after some seconds at most.

        Raises ``LinkLost``.
        """
        ready, _, _ = select.select([self._end], [], [], seconds)
        if not ready:
            return ()
        try:
            said = self._end.recv(4096)
        except OSError as error:
            raise LinkLost from error
        if not said:
            raise LinkLost
        return tuple(Word(bytes([one])) for one in said)

    def close(self) -> None:
        """End the link; the other side notices."""
        with suppress(OSError):
            self._end.close()
