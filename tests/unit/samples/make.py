"""Freeze the samples that are missing: ``python -m tests.unit.samples.make``.

A sample that exists is never written again. Whoever changes what is stored raises the version of
the event and adds a lift; the old sample has to load for ever.
"""

import json
from typing import Any

from tests.unit.kernel.test_events import every_event
from tests.unit.samples.stored import (
    HERE,
    REGISTER,
    answer_path,
    answered,
    digest,
    event_path,
    make_answer,
    make_event,
    register,
    written,
)
from tests.unit.samples.story import told_in_memory


def freeze(path: str, value: Any) -> None:
    """Write a new sample."""
    file = HERE / path
    file.parent.mkdir(exist_ok=True)
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    file.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Write every missing sample, and its digest into the register."""
    there, story = set(written()), told_in_memory()
    for event in every_event():
        if event_path(event) not in there:
            freeze(event_path(event), make_event(event, story))
    for name in answered():
        if answer_path(name) not in there:
            freeze(answer_path(name), make_answer(name, story))
    known = register() if REGISTER.exists() else {}
    digests = {path: known.get(path) or digest(path) for path in written()}
    REGISTER.write_text(json.dumps(digests, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
