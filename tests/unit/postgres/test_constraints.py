"""What a refusal of the database means (data.md, section 7)."""

import psycopg
import pytest
import sqlalchemy.exc
from psycopg import errors

from kasa.adapters.postgres.constraint_names import CONSTRAINTS
from kasa.adapters.postgres.constraints import StoreFault, statement_name, translated
from kasa.application.ports.work import StoreBusy
from kasa.domain.kernel.errors import KasaError


@pytest.mark.parametrize(
    ("sqlstate", "code"),
    [
        ("08006", "store.unavailable"),
        ("08001", "store.unavailable"),
        ("57P01", "store.unavailable"),
        ("57P02", "store.unavailable"),
        ("57P03", "store.unavailable"),
        ("53300", "store.unavailable"),
        ("40001", "store.busy"),
        ("40P01", "store.busy"),
        ("55P03", "store.busy"),
        ("57014", "store.busy"),
        ("25P03", "store.busy"),
        ("25006", "store.read_only"),
        ("53100", "store.full"),
        ("42501", "not_found"),
        ("22P02", "request.value"),
        ("22003", "request.value"),
        ("22021", "request.value"),
        ("42P01", "store.schema"),
        ("42703", "store.schema"),
        ("3F000", "store.schema"),
    ],
)
def test_a_state_has_its_error(sqlstate: str, code: str) -> None:
    """Every state of the table becomes the error that it names."""
    meaning = translated(errors.lookup(sqlstate)("told"))
    assert isinstance(meaning, KasaError)
    assert code == meaning.code


@pytest.mark.parametrize("sqlstate", ["23502", "25P02", "0A000", "42601", "23505", "XX000"])
def test_what_only_a_bug_causes_is_a_fault(sqlstate: str) -> None:
    """No other state becomes a refusal, and a constraint nobody lists neither."""
    fault = translated(errors.lookup(sqlstate)("told"))
    assert isinstance(fault, StoreFault)
    assert sqlstate == fault.sqlstate
    assert "told" not in str(fault)


@pytest.mark.parametrize("words", ["query_wait_timeout", "no more connections allowed (max_c...)"])
def test_a_pooler_without_a_free_connection_is_busy(words: str) -> None:
    """PgBouncer says it under the state of a lost connection, or without one while connecting."""
    for kind in (errors.ProtocolViolation, psycopg.OperationalError):
        meaning = translated(kind(words))
        assert isinstance(meaning, StoreBusy)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("SELECT a FROM kasa.tenants WHERE x", "from tenants"),
        ("\nINSERT INTO events (a) VALUES (1)", "insert into events"),
        ("WITH x AS (UPDATE skus SET a = 1) SELECT 1 FROM x", "update skus"),
        ("SELECT 1", ""),
    ],
)
def test_a_statement_is_named_by_its_first_table(statement: str, name: str) -> None:
    """Log lines name what was asked and never how."""
    assert name == statement_name(statement)


def test_errors_without_state_are_judged_by_their_kind() -> None:
    """A lost connection is unavailable, a value that cannot be sent is refused."""
    lost = translated(psycopg.OperationalError("gone"))
    closed = translated(psycopg.InterfaceError("closed"))
    nul = translated(psycopg.DataError("NUL"))
    pool = translated(sqlalchemy.exc.TimeoutError("pool"))
    assert [error.code for error in (lost, closed, nul, pool) if isinstance(error, KasaError)] == [
        "store.unavailable",
        "store.unavailable",
        "request.value",
        "store.busy",
    ]


def test_no_bug_of_python_is_hidden() -> None:
    """An error that is not the database's is not translated."""
    error = ZeroDivisionError()
    assert error is translated(error)


def test_constraints_name_errors_with_codes() -> None:
    """Each listed constraint is a bug or an error that a caller can be shown."""
    assert all(kind is None or kind.code for kind in CONSTRAINTS.values())
