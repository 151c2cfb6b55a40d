"""What a refusal of the database means: by the name of its constraint, else by its sqlstate.

The names stand in ``constraint_names``. Errors and log lines name states, tables and constraints,
never the text of a statement nor a value: the server's own words repeat values.
"""

import logging
import re
from collections.abc import Mapping

import psycopg
import sqlalchemy.exc

from kasa.adapters.postgres.constraint_names import CONSTRAINTS
from kasa.adapters.postgres.constraint_names_identity import PLATFORM_CONSTRAINTS
from kasa.application.ports.work import Collided, StoreBusy
from kasa.domain.kernel.errors import Invalid, KasaError, NotFound, Unavailable

LOG = logging.getLogger(__name__)


class StoreReadOnly(Unavailable):
    """The store can be read only at the moment; nothing was changed."""

    code = "store.read_only"


class StoreFull(Unavailable):
    """The store is full; nothing was changed."""

    code = "store.full"


class StoreSchema(Unavailable):
    """The store's tables are older than this program; run `kasa db upgrade`."""

    code = "store.schema"


class ValueRefused(Invalid):
    """A value cannot be stored; it should have been refused earlier."""

    code = "request.value"


class StoreFault(Exception):
    """The database refused a statement for a reason that no door can answer: a bug.

    Its words are the state, its name, and the constraint or column that was broken.
    """

    def __init__(self, sqlstate: str, *words: str | None) -> None:
        self.sqlstate = sqlstate
        super().__init__(" ".join(word for word in (sqlstate, *words) if word))


BUSY_POOLERS = ("query_wait_timeout", "no more connections allowed")
"""What PgBouncer says, under a state of lost connections, when all that it has is in use."""

_NAMED = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM|FROM)\s+(?:kasa\.)?(\w+)", re.IGNORECASE)
_UNREACHABLE = frozenset({"57P01", "57P02", "57P03", "53300"})
_LOST = (psycopg.OperationalError, psycopg.InterfaceError)
_STATES: Mapping[str, type[KasaError]] = {
    "40001": Collided,
    "40P01": Collided,
    "55P03": StoreBusy,
    "57014": StoreBusy,
    "25P03": StoreBusy,
    "25P04": StoreBusy,
    "25006": StoreReadOnly,
    "53100": StoreFull,
    "42501": NotFound,
    "22P02": ValueRefused,
    "22003": ValueRefused,
    "22007": ValueRefused,
    "22008": ValueRefused,
    "22021": ValueRefused,
    "22P05": ValueRefused,
    "42P01": StoreSchema,
    "42703": StoreSchema,
    "3F000": StoreSchema,
}
_ALERTS = frozenset({"57014", "25P03", "25P04", "25006", "53100", "42501"})


def translated(error: Exception, **told: object) -> Exception:
    """Return what a refusal of the database means; one that no door can answer is ``StoreFault``.

    ``told`` is what the log line names beside state and constraint: identifiers, and the
    statement as ``statement_name`` has it. An error that is not the database's is returned.
    """
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return StoreBusy(retry_after=1)
    cause = error.orig if isinstance(error, sqlalchemy.exc.StatementError) else error
    if not isinstance(cause, psycopg.Error):
        if cause is error or cause is None:
            return error
        return StoreFault("", type(cause).__name__)
    meaning = _meaning(cause)
    if isinstance(meaning, StoreFault | ValueRefused) or cause.sqlstate in _ALERTS:
        told |= {"sqlstate": cause.sqlstate, "constraint": cause.diag.constraint_name}
        LOG.error("store.refused", extra=told)
    return meaning


def statement_name(text: str) -> str:
    """Return what a statement does first and to which table, as ``insert into products``."""
    found = _NAMED.search(text)
    return " ".join(found.groups()).lower() if found else ""


def _meaning(cause: psycopg.Error) -> Exception:
    state = cause.sqlstate
    if state is None or state.startswith("08") or state in _UNREACHABLE:
        if any(words in str(cause) for words in BUSY_POOLERS):
            return StoreBusy(retry_after=1)
        if state is not None or isinstance(cause, _LOST):
            return Unavailable(retry_after=2)
        return ValueRefused() if isinstance(cause, psycopg.DataError) else _fault(cause)
    name = cause.diag.constraint_name or ""
    kind = CONSTRAINTS.get(name) or PLATFORM_CONSTRAINTS.get(name) or _STATES.get(state)
    return _fault(cause) if kind is None else kind()


def _fault(cause: psycopg.Error) -> StoreFault:
    told = cause.diag
    return StoreFault(
        cause.sqlstate or "", type(cause).__name__, told.constraint_name or told.column_name
    )
