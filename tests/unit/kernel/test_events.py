"""Events: facts in the past tense, each kind known by one name."""

import importlib
import pkgutil
import re

import attrs

from kasa import domain
from kasa.domain.kernel.events import Event

KIND = re.compile(r"[a-z]+\.[a-z_]+\Z")


def every_event() -> list[type[Event]]:
    """Return the class of every event, once, from the module it stands in."""
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(domain.__path__, "kasa.domain.")
    ]
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Event) and value is not Event
        if value.__module__ == module.__name__
    ]


def test_kinds_are_unique() -> None:
    """A stored kind is of one class: context, point, what happened."""
    kinds = [event.kind for event in every_event()]
    assert sorted(set(kinds)) == sorted(kinds)
    assert [kind for kind in kinds if not KIND.match(kind)] == []


def test_a_kind_is_named_for_its_context() -> None:
    """The first word is the context in whose events module it stands."""
    faults = [
        event.kind
        for event in every_event()
        if event.__module__.split(".")[2] not in {event.kind.split(".")[0], "kernel"}
    ]
    assert faults == []


def test_events_are_frozen_values_with_a_subject() -> None:
    """Every event is a frozen attrs class about one thing, with a version from 1."""
    for event in every_event():
        assert event.version >= 1
        assert event.__setattr__ is not object.__setattr__
        assert "subject" in attrs.fields_dict(event)
