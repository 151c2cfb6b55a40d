"""Brings a database to the schema of this program: one at a time, forward only, repeatable."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event

from kasa.adapters.postgres.constraints import translated
from kasa.adapters.postgres.engine import make_engine
from kasa.adapters.postgres.jobs_schema import LIMITS, upgrade_jobs_schema
from kasa.domain.kernel.errors import KasaError, Unavailable

LOCK = "SELECT pg_try_advisory_lock(hashtextextended('kasa.upgrade', 0))"
UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('kasa.upgrade', 0))"
VERSION_RIGHTS = "GRANT SELECT ON platform.version TO kasa_app, kasa_platform"
LOCK_TIMEOUT_SECONDS = 60
LOCK_POLL_SECONDS = 0.5
TRIES = 5
BUSY = frozenset({"55P03", "40P01"})
_NUMBER = re.compile(r"r(\d{4})")
OWNED_BY = "SET ROLE kasa_owner"
NO_SUCH_ROLE, NOT_ALLOWED = "22023", "42501"
STRONG = """SELECT EXISTS (SELECT FROM pg_roles r
WHERE (r.rolsuper OR r.rolbypassrls OR r.rolname = 'kasa_owner')
AND pg_has_role(session_user, r.oid, 'MEMBER'))"""
"""Whether a login is, or can become by a statement, a role that sees every shop's rows."""
_BYPASSES = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
_MANAGED = (
    "SELECT EXISTS (SELECT FROM pg_policies WHERE schemaname = 'kasa' AND policyname = 'owner')"
)
_OWNER_POLICIES = """DO $$ DECLARE lacking name; BEGIN
  FOR lacking IN SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'kasa'::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'owner')
  LOOP
    EXECUTE format(
      'CREATE POLICY owner ON kasa.%I TO kasa_owner USING (true) WITH CHECK (true)', lacking);
  END LOOP;
END $$"""


class OwnerCannotBypass(KasaError):
    """The owner's login must bypass row security, else foreign keys are checked over no rows."""

    code = "setup.owner_cannot_bypass"


class OwnerMissing(KasaError):
    """The upgrade's login is not kasa_owner; see `kasa db init --print-sql` for the roles."""

    code = "setup.owner_missing"


class RoleTooStrong(KasaError):
    """The application's login must not be, nor become, a role above row security."""

    code = "setup.role_too_strong"


class StoreSchemaNewer(Unavailable):
    """The store's tables are newer than this program; start the newer program."""

    code = "store.schema_newer"


def upgrade(owner_address: str, *, managed: bool = False, target: str = "head") -> None:
    """Run every missing revision, then the queue's schema; a second caller waits up to 60 s.

    It may be killed at any step and run again. ``managed``: the server cannot grant BYPASSRLS, and
    tables carry a policy for the owner; an installation that was made so is known by its policies.
    Everything belongs to ``kasa_owner``, also when a superuser signs in. ``target`` is the last
    revision to run. Raises ``setup.owner_missing``, ``setup.owner_cannot_bypass``,
    ``store.schema_newer``, ``store.busy`` when tables stay locked, ``store.unavailable``, or
    ``Unavailable`` when another upgrade does not end.
    """
    engine = make_engine(owner_address, threads=1, pooled=True, door="kasa-upgrade")
    event.listen(engine, "connect", _enter_owner)
    try:
        with psycopg.connect(owner_address, autocommit=True) as holder, _alone(holder):
            _enter_owner(holder)
            managed = managed or _answers_yes(holder, _MANAGED)
            refuse_weak(holder, managed=managed)
            if managed:
                holder.execute(_OWNER_POLICIES)
            _patiently(lambda: _run_revisions(engine, managed=managed, target=target))
            _patiently(lambda: _run_jobs_schema(holder))
    except (psycopg.Error, sqlalchemy.exc.DBAPIError) as error:
        meaning = translated(error)
        if meaning is error:
            raise
        raise meaning from error
    finally:
        engine.dispose()


def steps_ahead(revision: str) -> int:
    """Return by how many revisions a database is ahead of this program; negative when behind.

    The old program may serve beside the new one while the schema is one step ahead: what a
    revision takes away was last used by the program before it.
    """
    return _number(revision) - _number(newest_revision())


def _number(revision: str) -> int:
    found = _NUMBER.match(revision)
    return int(found[1]) if found else 0


def newest_revision() -> str:
    """Return the revision that this program needs."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def current_revision(connection: sqlalchemy.Connection) -> str | None:
    """Return the revision of a database, or None when it has none."""
    options = {"version_table": "version", "version_table_schema": "platform"}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def found_revision(owner_address: str) -> str | None:
    """Return the revision of the database at an address, or None when it has none.

    Raises ``store.unavailable`` when it does not answer.
    """
    engine = make_engine(owner_address, threads=1, pooled=True, door="kasa-status")
    try:
        with engine.connect() as connection:
            return current_revision(connection)
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise translated(error) from error
    finally:
        engine.dispose()


def refuse_strong(connection: sqlalchemy.Connection) -> None:
    """Raise ``setup.role_too_strong`` unless row security holds the application's login."""
    if connection.execute(sqlalchemy.text(STRONG)).scalar_one():
        raise RoleTooStrong


def refuse_weak(connection: psycopg.Connection[Any], *, managed: bool = False) -> None:
    """Raise ``setup.owner_cannot_bypass`` unless the owner's login sees every row."""
    if not managed and not _answers_yes(connection, _BYPASSES):
        raise OwnerCannotBypass


def _answers_yes(connection: psycopg.Connection[Any], question: str) -> bool:
    row = connection.execute(question.encode()).fetchone()
    return row is not None and bool(row[0])


def _enter_owner(connection: psycopg.Connection[Any], _entry: object = None) -> None:
    """Act as the owner, so that all that is made is the owner's."""
    try:
        connection.execute(OWNED_BY)
        connection.commit()
    except psycopg.Error as error:
        if error.sqlstate not in {NO_SUCH_ROLE, NOT_ALLOWED}:
            raise
        raise OwnerMissing from None


@contextmanager
def _alone(connection: psycopg.Connection[Any]) -> Iterator[None]:
    until = time.monotonic() + LOCK_TIMEOUT_SECONDS
    while True:
        row = connection.execute(LOCK).fetchone()
        if row is not None and row[0]:
            break
        if time.monotonic() > until:
            raise Unavailable("Another upgrade of the database does not end.", retry_after=60)
        time.sleep(LOCK_POLL_SECONDS)
    try:
        yield
    finally:
        connection.execute(UNLOCK)


def _config(**attributes: Any) -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("path_separator", "os")
    made.attributes.update(attributes)
    return made


def _run_revisions(engine: sqlalchemy.Engine, *, managed: bool, target: str) -> None:
    with engine.connect() as connection:
        wanted = connection.execution_options(isolation_level="READ COMMITTED")
        found = current_revision(wanted)
        wanted.rollback()
        if found is not None and steps_ahead(found) > 0:
            raise StoreSchemaNewer(found=found, wanted=newest_revision())
        command.upgrade(_config(connection=wanted, managed=managed), target)


def _run_jobs_schema(holder: psycopg.Connection[Any]) -> None:
    with holder.transaction():
        holder.execute(LIMITS)
        holder.execute(VERSION_RIGHTS)
    upgrade_jobs_schema(holder)


def _patiently(step: Callable[[], None]) -> None:
    """Run a step that may be repeated, again after a pause while others hold what it needs."""
    for attempt in range(1, TRIES + 1):
        try:
            step()
        except (psycopg.Error, sqlalchemy.exc.DBAPIError) as error:
            cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
            if getattr(cause, "sqlstate", None) not in BUSY or attempt == TRIES:
                raise
            time.sleep(attempt)
        else:
            return
