"""What PostgreSQL does for a statement, asked as the application under row security."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import attrs
import psycopg
from sqlalchemy import TextClause

import kasa.adapters.postgres
from kasa.adapters.postgres.connection import TenantConnection, _text
from kasa.adapters.postgres.engine import Begin, DatabaseRole, opening
from kasa.domain.kernel.ids import TenantId

BIND = re.compile(r"%\((\w+)\)s")
NOT_LEAKPROOF = re.compile(r"\bI?LIKE\b|@@|@>|->>|\blower\(|\bupper\(|\bunaccent\(")


@attrs.frozen(kw_only=True)
class Plan:
    """A plan with what it read: nodes from the top down, and buffers of all of it."""

    text: str
    nodes: tuple[dict[str, Any], ...]
    buffers: int

    @classmethod
    def of(cls, text: str, found: Any) -> "Plan":
        """Return the plan of what EXPLAIN answered in JSON."""
        top = found[0]["Plan"]
        buffers = top.get("Shared Hit Blocks", 0) + top.get("Shared Read Blocks", 0)
        return cls(text=text, nodes=tuple(_nodes(top)), buffers=buffers)

    def scans(self, tables: frozenset[str]) -> list[str]:
        """Return the tables of a set that are read from end to end."""
        return [
            node["Relation Name"]
            for node in self.nodes
            if node["Node Type"] == "Seq Scan" and node["Relation Name"] in tables
        ]

    def strays(self, tables: frozenset[str]) -> list[str]:
        """Return the indexes of tables of a set that are read past the tenant."""
        return [
            node["Index Name"]
            for node in self.nodes
            if "Index" in node["Node Type"]
            and node.get("Relation Name", node["Index Name"].split("_pkey")[0]) in tables
            and "tenant_id" not in node.get("Index Cond", "")
        ]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def statements() -> dict[str, TextClause]:
    """Return every statement that a module of the stores names, by its place."""
    found = {}
    for info in walk_packages(kasa.adapters.postgres.__path__, "kasa.adapters.postgres."):
        if ".migrations" in info.name:
            continue
        for name, value in vars(import_module(info.name)).items():
            if isinstance(value, TextClause):
                found[f"{info.name.removeprefix('kasa.adapters.postgres.')}.{name}"] = value
    return found


@contextmanager
def as_application(address: str, tenant: TenantId) -> Iterator[psycopg.Connection[Any]]:
    """Open a transaction as the application in a shop; it is rolled back."""
    with psycopg.connect(address, autocommit=True) as driver:
        driver.execute(opening(Begin.WRITE, DatabaseRole.APP, tenant).encode())
        try:
            yield driver
        finally:
            driver.execute("ROLLBACK")


def generic_plan(driver: psycopg.Connection[Any], statement: TextClause) -> Plan:
    """Return the plan of a statement whatever its values, as a prepared one gets it."""
    names: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}"

    text = BIND.sub(numbered, _text(statement).decode()).replace("%%", "%")
    row = driver.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {text}".encode()).fetchone()
    assert row is not None
    return Plan.of(text, row[0])


class ExplainingConnection(TenantConnection):
    """Asks for the plan and the buffers of every statement, then runs it."""

    def __init__(self, driver: psycopg.Connection[Any], tenant: TenantId) -> None:
        super().__init__(driver, tenant)
        self.driver = driver
        self.plans: list[Plan] = []

    def _run(self, statement: TextClause, values: dict[str, Any]) -> Any:
        text = _text(statement)
        wanted = b"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + text
        row = self.driver.execute(wanted, {**values, "tenant": self.tenant}).fetchone()
        assert row is not None
        self.plans.append(Plan.of(text.decode(), row[0]))
        return super()._run(statement, values)
