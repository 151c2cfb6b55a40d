"""No statement leaves anything on a connection that a pooler hands to somebody else (C5)."""

import ast
import re
from collections.abc import Iterator, Mapping

import pytest

from tests.unit.house.source import Module, told, within

pytestmark = pytest.mark.C5

LASTING = {
    "a setting of the session": re.compile(
        r"(?:^|;)\s*(?:SET|RESET)\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)\w+\b(?:\s*[=\w]|\s*$)"
    ),
    "a setting that outlives the transaction": re.compile(
        r"set_config\((?:[^()]|\([^()]*\))*,\s*false\)", re.IGNORECASE
    ),
    "start options": re.compile(r"(?:^|[?&\s])options=|^options$"),
    "listening": re.compile(r"(?:^|;)\s*(?:UN)?LISTEN\b", re.IGNORECASE),
    "a lock of the session": re.compile(r"pg_(?:try_)?advisory_(?:lock|unlock)", re.IGNORECASE),
    "a cursor that outlives the transaction": re.compile(r"\bWITH\s+HOLD\b", re.IGNORECASE),
    "a temporary table": re.compile(r"\bTEMP(?:ORARY)?\s+TABLE\b|\bINTO\s+TEMP", re.IGNORECASE),
    "a prepared statement": re.compile(
        r"(?:^|;)\s*(?:PREPARE|DEALLOCATE|DISCARD)\b", re.IGNORECASE
    ),
}
DIRECT: Mapping[str, str] = {
    "embedded.py": "a connection of the superuser to the own server: one maker of roles at a time",
    "upgrade.py": "the owner's own address: one upgrade at a time, as the owner",
    "migrations/template.py": "the owner's own address: what cannot be built within a transaction",
    "addresses.py": "refuses start options",
    "loading/loader.py": "the owner's own address: fills a database for measuring",
    "loading/rehearsal.py": "one connection of its own, for measuring",
}
"""Modules that connect by a direct address, or speak of such things without doing them."""


def _texts(module: Module) -> Iterator[tuple[int, str]]:
    documents = {
        id(node.body[0].value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr):
            documents |= {id(part) for part in node.values}
            yield node.lineno, "".join(_part(part) for part in node.values)
        elif isinstance(node, ast.Constant) and id(node) not in documents:
            yield node.lineno, _part(node)


def _part(node: ast.expr) -> str:
    """Return the text of a constant, and a word for what is put in."""
    if not isinstance(node, ast.Constant):
        return "x"
    value = node.value
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value if isinstance(value, str) else ""


def _name(module: Module) -> str:
    return module.where.partition("adapters/postgres/")[2]


def faults(module: Module) -> Iterator[str]:
    """Yield what a module says that would stay on a connection."""
    for line, text in _texts(module):
        for what, pattern in LASTING.items():
            if pattern.search(text):
                yield f"{module.where}:{line} {what}"


def _pooled() -> list[Module]:
    modules = within("adapters.postgres")
    assert len(modules) > 30
    return [module for module in modules if _name(module) not in DIRECT]


def test_statements_on_pooled_connections_end_with_their_transaction() -> None:
    """Nothing in the adapter sets, locks, listens, keeps or prepares beyond a transaction."""
    assert told(fault for module in _pooled() for fault in faults(module)) == ""


def test_every_exception_is_needed() -> None:
    """A module on the list says something that would stay."""
    found = {_name(module) for module in within("adapters.postgres") if next(faults(module), None)}
    assert DIRECT.keys() <= found


@pytest.mark.parametrize(
    "statement",
    [
        "SET search_path = kasa",
        "SELECT 1; SET ROLE kasa_app",
        "SET SESSION AUTHORIZATION x",
        "SELECT set_config('role', 'x', false)",
        "SELECT set_config('kasa.tenant', coalesce('x', 'y'), FALSE)",
        "LISTEN jobs",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock(hashtext('x'))",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "CREATE TEMPORARY TABLE x (a int)",
        "CREATE TEMP TABLE x (a int)",
        "postgresql://db/kasa?options=-csearch_path%3Dx",
        "PREPARE x AS SELECT 1",
        "DISCARD ALL",
    ],
)
def test_the_scan_finds(statement: str) -> None:
    """Each form of what would stay is found."""
    assert any(pattern.search(statement) for pattern in LASTING.values())


@pytest.mark.parametrize(
    "statement",
    [
        "SET LOCAL lock_timeout = '3s'",
        "BEGIN; SELECT set_config('role', 'x', true)",
        "UPDATE tenants SET name = 'x'",
        "SELECT pg_advisory_xact_lock(1)",
        "ON CONFLICT DO UPDATE SET a = 1",
    ],
)
def test_the_scan_leaves_alone(statement: str) -> None:
    """What ends with the transaction is no fault."""
    assert not any(pattern.search(statement) for pattern in LASTING.values())
