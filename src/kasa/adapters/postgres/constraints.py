"""What a refusal of the database means: by the name of its constraint, else by its sqlstate.

The names stand in ``constraint_names``.
"""

import logging
from collections.abc import Mapping

import psycopg
import sqlalchemy.exc

from kasa.adapters.postgres.constraint_names import CONSTRAINTS
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


_UNREACHABLE = frozenset({"57P01", "57P02", "57P03", "53300"})
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
_ALERTS = frozenset({"57014", "25P03", "25P04", "53100", "42501"})


def translated(error: Exception, statement: str = "") -> Exception:
    """Return what a refusal of the database means, or the error itself when it is a bug.

    ``statement`` names the statement in the log; neither its text nor its values are logged.
    """
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return StoreBusy(retry_after=1)
    if not isinstance(cause, psycopg.Error):
        return error
    state = cause.sqlstate
    if state in _ALERTS:
        LOG.error("store.refused", extra={"sqlstate": state, "statement": statement})
    if state is None:
        return _without_state(cause, error)
    if state.startswith("08") or state in _UNREACHABLE:
        return Unavailable(retry_after=2)
    named = CONSTRAINTS.get(cause.diag.constraint_name or "")
    meaning = named or _STATES.get(state)
    return meaning() if meaning is not None else error


def _without_state(cause: psycopg.Error, error: Exception) -> Exception:
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return Unavailable(retry_after=2)
    if isinstance(cause, psycopg.DataError):
        return ValueRefused()
    return error
