"""Log lines: one JSON object each, on stderr, with fields that are known to hold no secret."""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import IO

FIELDS = (
    "actor",
    "attempt",
    "by",
    "code",
    "connections",
    "constraint",
    "found",
    "job",
    "jobs",
    "limit",
    "method",
    "ms",
    "outcome",
    "reason",
    "request",
    "route",
    "seconds",
    "sqlstate",
    "statement",
    "status",
    "sweep",
    "tenant",
)
"""Identifiers, codes and counts: what a line may say beside its own words."""
OURS = "kasa"
NOISY = ("procrastinate", "asyncio", "alembic")
QUIET = ("uvicorn", "litestar")
FRAMES = 30
_ABOUT: ContextVar[dict[str, object]] = ContextVar("about")


@contextmanager
def about(**fields: object) -> Iterator[None]:
    """Say some fields on every line that is written meanwhile: of a request, who asks for what.

    None says nothing. A thread that works for somebody else has to be told anew.
    """
    told = {name: value for name, value in fields.items() if value is not None}
    before = _ABOUT.set({**_ABOUT.get({}), **told})
    try:
        yield
    finally:
        _ABOUT.reset(before)


class JsonLines(logging.Formatter):
    """Writes a record as one line; of an error its type and its way, never its words.

    The words of an error may repeat a value that somebody gave.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if record.name.startswith(OURS) else record.name,
        }
        line.update({name: said for name, said in _ABOUT.get({}).items() if name in FIELDS})
        line.update({name: vars(record)[name] for name in FIELDS if name in vars(record)})
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"] = type(error).__name__
            line["way"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]
            ]
        return json.dumps(line, ensure_ascii=True, default=str)


def log_to_stderr(level: str, stream: IO[str] | None = None) -> None:
    """Write every record of a level or above as a JSON line.

    Of libraries only errors are told, and below ``debug`` nothing of those that tell too much.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in NOISY:
        logging.getLogger(name).setLevel(
            logging.DEBUG if level == "debug" else logging.CRITICAL + 1
        )
