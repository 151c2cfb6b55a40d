"""The one hop of a request: from the loop into a thread, when one is free in time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

from kasa.domain.kernel.errors import Unavailable

AnswerT = TypeVar("AnswerT")


class DoorBusy(Unavailable):
    """Too many requests are being worked on; try again in a moment."""

    code = "store.busy"


class Threads:
    """As many threads as the database has connections, and a bounded wait for one of them.

    The queue of an executor has no bound, so a request waits for a place before it joins it.
    """

    def __init__(self, size: int, wait: float) -> None:
        self._executor = ThreadPoolExecutor(size, thread_name_prefix="kasa-http")
        self._places = asyncio.Semaphore(size)
        self._wait = wait
        self.hops = 0

    async def run(self, work: Callable[[], AnswerT]) -> AnswerT:
        """Run something in a thread, or raise ``store.busy`` when none is free in time."""
        try:
            async with asyncio.timeout(self._wait):
                await self._places.acquire()
        except TimeoutError as error:
            raise DoorBusy from error
        self.hops += 1
        loop = asyncio.get_running_loop()

        def leave(_: Future[AnswerT]) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._places.release)

        running = self._executor.submit(copy_context().run, work)
        running.add_done_callback(leave)
        return await asyncio.wrap_future(running)

    def close(self) -> None:
        """Let what runs end, and take nothing more."""
        self._executor.shutdown(wait=True, cancel_futures=True)
