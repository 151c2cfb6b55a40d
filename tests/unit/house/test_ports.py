"""Every port has a twin in memory, a suite that both must pass, and a test that runs it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.places import ROOT
from tests.unit.house.source import (
    OUTSIDE_CONTEXTS,
    SRC,
    TESTS,
    Module,
    methods,
    told,
    within,
)

SUITES = {
    "codes": "documents",
    "events": "jobs",
    "images": "documents",
    "inbox": "work",
    "operations": "work",
    "bank_alerts": "payments",
}
"""Port modules whose suite has another name than they have."""


def _protocols() -> Iterator[tuple[str, ast.ClassDef]]:
    for module in within("application.ports"):
        for cls in module.classes():
            if "Protocol" in [ast.unparse(base).split("[")[0] for base in cls.bases]:
                yield module.name.split(".")[3], cls


def _public(cls: ast.ClassDef) -> set[str]:
    named = {method.name for method in methods(cls)}
    return {name for name in named if not name.startswith("_") or name == "__call__"}


def _twins(modules: list[Module]) -> list[set[str]]:
    return [_public(cls) for module in modules for cls in module.classes()]


def test_every_port_has_a_twin_in_memory() -> None:
    """Some class of ``adapters.memory`` has every method of the protocol."""
    memory = within("adapters.memory")
    twins = _twins(memory)
    faults = (
        f"{port}.{cls.name}"
        for port, cls in _protocols()
        if not any(_public(cls) <= twin for twin in twins)
    )
    assert told(faults) == ""


def _suites() -> list[tuple[str, str]]:
    return [
        (module.name.split(".")[3], cls.name)
        for module in within("adapters.conformance")
        for cls in module.classes()
        if cls.name.endswith("Conformance")
    ]


def test_every_port_has_a_suite() -> None:
    """``adapters.conformance`` has a suite for every port module that is built in memory."""
    suites = {module for module, _ in _suites()}
    faults = (
        f"{port} wants conformance/{SUITES.get(port, port)}.py"
        for port, _ in _protocols()
        if SUITES.get(port, port) not in suites
    )
    assert told(faults) == ""


def _run() -> set[str]:
    return {
        ast.unparse(base).rpartition(".")[2]
        for module in TESTS
        for cls in module.classes()
        if cls.name.startswith("Test")
        for base in cls.bases
    }


def test_every_suite_is_run() -> None:
    """A test class subclasses every shipped suite."""
    assert told(f"{module}.{name}" for module, name in _suites() if name not in _run()) == ""


def test_places_use_the_words_of_the_contexts() -> None:
    """A package of use cases or of tables, and a folder of its tests, is named for a context."""
    known = OUTSIDE_CONTEXTS | {"workflows", "ports", "migrations", "backups", "loading"}
    folders = [
        folder
        for place in ("application", "adapters/postgres")
        for folder in (SRC / "kasa" / place).glob("*/__init__.py")
    ]
    assert told(str(f.parent) for f in folders if f.parent.name not in known) == ""


def _contexts(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*/") if any(path.glob("*.py"))} & OUTSIDE_CONTEXTS


def test_every_context_has_its_folder_of_tests() -> None:
    """A context of the application has unit tests under its own name."""
    tested = _contexts(ROOT / "tests" / "unit")
    assert told(_contexts(SRC / "kasa" / "application") - tested) == ""
