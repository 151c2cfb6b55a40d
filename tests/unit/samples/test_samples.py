"""What was ever stored can be read for ever: one frozen sample per kind and version."""

import importlib
import json
import pkgutil
from uuid import UUID

import pytest

from kasa import domain
from kasa.adapters.postgres.rows import ANSWERS, EVENTS, answer_of, answer_text, event_of, facts_of
from kasa.domain.kernel.events import Event
from tests.unit.samples.stored import HERE, answered, digest, is_kept, register, wanted, written
from tests.unit.samples.story import told_in_memory


def test_every_events_module_is_known() -> None:
    """``rows.EVENTS`` names every module of events."""
    modules = {
        module.name
        for module in pkgutil.walk_packages(domain.__path__, "kasa.domain.")
        if module.name.endswith(".events")
    }
    assert modules == {module.__name__ for module in EVENTS}
    assert all(importlib.import_module(name) for name in modules)


@pytest.mark.A7
def test_every_answered_type_is_known() -> None:
    """``rows.ANSWERS`` names the type of every answer that a use case may store."""
    assert set(answered().values()) - set(ANSWERS) == set()


@pytest.mark.A7
def test_the_story_gives_every_answer() -> None:
    """Every type that a use case answers with is told, and survives being stored."""
    story = told_in_memory()
    assert set(answered()) == set(story.answers)
    for answer in story.answers.values():
        assert answer == answer_of(*answer_text(answer))


def test_every_recorded_event_survives_being_stored() -> None:
    """What is written to the log is read back as it was."""
    for kind, event in told_in_memory().events.items():
        facts = json.loads(facts_of(event))
        assert event == event_of(kind, event.version, event.subject, facts)


def test_every_kind_and_version_has_its_sample() -> None:
    """Nothing is stored of which no sample was frozen."""
    assert sorted(set(wanted()) - set(written())) == []


def test_no_sample_was_changed_or_removed() -> None:
    """The register holds the digest of every sample ever made."""
    assert register() == {path: digest(path) for path in written()}


@pytest.mark.parametrize("path", [path for path in written() if path.startswith("events/")])
def test_a_stored_event_is_read(path: str) -> None:
    """Every version loads; the present one is written as it was read."""
    kind, _, version = path.removeprefix("events/").removesuffix(".json").rpartition(".v")
    stored = json.loads((HERE / path).read_text(encoding="utf-8"))
    event = event_of(kind, int(version), UUID(stored["subject"]), stored["facts"])
    assert isinstance(event, Event)
    assert kind == event.kind
    if int(version) == event.version:
        assert stored["facts"] == json.loads(facts_of(event))


@pytest.mark.parametrize("path", [path for path in written() if path.startswith("answers/")])
def test_a_stored_answer_is_read(path: str) -> None:
    """Every answer loads as its type, and is written as it was read; newer fields may be added."""
    name = path.removeprefix("answers/").removesuffix(".json")
    text = (HERE / path).read_text(encoding="utf-8")
    value = answer_of(name, text)
    assert is_kept(json.loads(text), json.loads(answer_text(value)[1]))
