"""Log lines are JSON, and hold what is known to be harmless."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from kasa.entrypoints.logs import about, log_to_stderr


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Return where the lines go; the loggers are as before after the test."""
    root, ours = logging.getLogger(), logging.getLogger("kasa")
    noisy = logging.getLogger("procrastinate")
    before = (root.handlers[:], root.level, ours.level, noisy.level)
    made = io.StringIO()
    yield made
    root.handlers[:] = before[0]
    for logger, level in zip((root, ours, noisy), before[1:], strict=True):
        logger.setLevel(level)


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_holds_its_words_and_known_fields(stream: io.StringIO) -> None:
    """What is not on the list of fields is left out."""
    log_to_stderr("info", stream)
    logging.getLogger("kasa.x").info("job.ended", extra={"job": "e:r", "phone": "012345678"})
    (line,) = _lines(stream)
    assert line.pop("at")
    assert line == {"level": "info", "event": "job.ended", "job": "e:r"}


def test_an_error_tells_its_way_and_not_its_words(stream: io.StringIO) -> None:
    """The words of an error may repeat what somebody gave."""
    log_to_stderr("info", stream)
    try:
        int("012345678x")
    except ValueError:
        logging.getLogger("kasa.x").exception("worker.bug")
    (line,) = _lines(stream)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in str(line["way"])
    assert "012345678x" not in stream.getvalue()


def test_lines_of_others_are_told_by_name_alone(stream: io.StringIO) -> None:
    """A library's words may hold an address; what it says below an error is left out."""
    log_to_stderr("info", stream)
    logging.getLogger("procrastinate.worker").error("job(tenant=...) failed")
    logging.getLogger("psycopg.pool").info("connected")
    logging.getLogger("psycopg.pool").warning("cannot connect to host secret")
    (line,) = _lines(stream)
    assert line["event"] == "psycopg.pool"


def test_a_level_hides_what_is_below(stream: io.StringIO) -> None:
    """With ``error`` warnings are left out."""
    log_to_stderr("error", stream)
    logging.getLogger("kasa.x").warning("job.ended")
    assert _lines(stream) == []


def test_every_line_of_a_request_says_whose_it_is(stream: io.StringIO) -> None:
    """Whatever is written meanwhile names it; afterwards nothing does, and no other field comes."""
    log_to_stderr("info", stream)
    with about(request="r-1", tenant=None, phone="012345678"), about(actor="u-1"):
        logging.getLogger("kasa.x").info("within")
    logging.getLogger("kasa.x").info("afterwards")
    within, afterwards = _lines(stream)
    assert (within["request"], within["actor"]) == ("r-1", "u-1")
    assert not {"tenant", "phone"} & set(within)
    assert not {"request", "actor"} & set(afterwards)
