"""Which kinds and versions are stored, and a typical value of each."""

import ast
import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import attrs
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from kasa import application
from kasa.adapters.conformance import strategies
from kasa.adapters.postgres.rows import answer_text, facts_of
from kasa.domain.kernel.events import Event
from tests.unit.kernel.test_events import every_event
from tests.unit.samples.story import Story

assert strategies.TABLES, "the vocabulary is registered by importing it"

HERE = Path(__file__).parent
REGISTER = HERE / "register.json"
EMPTY: tuple[Any, ...] = (None, "", (), {}, frozenset(), 0)
EMPTIES_MAX = 12
SEARCH = settings(
    max_examples=300,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def answered() -> dict[str, type]:
    """Return every type that a use case answers with, by its name."""
    found: dict[str, type] = {}
    for info in pkgutil.walk_packages(application.__path__, "kasa.application."):
        if ".ports" not in info.name:
            module = importlib.import_module(info.name)
            for name in _answering(module):
                answer = get_type_hints(vars(module)[name].__call__)["return"]
                found[getattr(answer, "__qualname__", str(answer))] = answer
    return found


def _answering(module: ModuleType) -> Iterator[str]:
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef) and "work.answer(" in ast.unparse(node):
            yield node.name


def sample_of(kind: type) -> Any:
    """Return a value of a type, with as few empty fields as the search finds."""
    strategy: st.SearchStrategy[Any] = st.from_type(kind)
    for most in range(EMPTIES_MAX):

        def is_full(value: Any, most: int = most) -> bool:
            return _empties(value) <= most

        with suppress(NoSuchExample):
            return find(strategy, is_full, settings=SEARCH)
    raise AssertionError(f"no {kind.__qualname__} was found")


def _empties(value: Any) -> int:
    if not attrs.has(type(value)):
        return 0
    return sum(getattr(value, field.name) in EMPTY for field in attrs.fields(type(value)))


def event_path(event: type[Event]) -> str:
    """Return where the sample of an event's present version lies."""
    return f"events/{event.kind}.v{event.version}.json"


def answer_path(name: str) -> str:
    """Return where the sample of an answered type lies."""
    return f"answers/{name}.json"


def wanted() -> Iterator[str]:
    """Yield the path of every sample that there has to be."""
    yield from (event_path(event) for event in every_event())
    yield from (answer_path(name) for name in answered())


def written() -> list[str]:
    """Return the path of every sample that there is."""
    return sorted(str(path.relative_to(HERE)) for path in HERE.glob("*/*.json"))


def register() -> dict[str, str]:
    """Return the digests of all samples as they were when they were frozen."""
    digests: dict[str, str] = json.loads(REGISTER.read_text(encoding="utf-8"))
    return digests


def digest(path: str) -> str:
    """Return the SHA-256 of a sample's bytes."""
    return sha256((HERE / path).read_bytes()).hexdigest()


def make_event(event: type[Event], story: Story) -> dict[str, Any]:
    """Return the sample of an event: what the story recorded, else what a search finds."""
    value = story.events.get(event.kind) or sample_of(event)
    return {"subject": str(value.subject), "facts": json.loads(facts_of(value))}


def make_answer(name: str, story: Story) -> Any:
    """Return the sample of an answer: what the story's use cases answered."""
    return json.loads(answer_text(story.answers[name])[1])


def is_kept(stored: Any, now: Any) -> bool:
    """Tell whether all that was stored is there now; later fields may stand beside it."""
    if isinstance(stored, dict):
        return all(name in now and is_kept(stored[name], now[name]) for name in stored)
    if isinstance(stored, list):
        return len(stored) == len(now) and all(map(is_kept, stored, now))
    return bool(stored == now)
