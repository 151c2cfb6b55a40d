"""The queue's own tables: procrastinate's schema once, then its migrations in the order of names.

Everything lies in the schema ``jobs`` and belongs to ``kasa_jobs``. After every change the rights
are taken from everybody and given again, because new functions come back open to PUBLIC.
"""

from importlib.resources import files

import psycopg
import sqlalchemy
from psycopg import sql

LIMITS = "SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = 0"
"""What every transaction of an upgrade begins with: a long reader delays it, nobody behind it."""
_ENTER = f"""{LIMITS};
SET LOCAL ROLE kasa_jobs; SET LOCAL search_path = jobs, pg_catalog"""
_OWN_TABLES = """
CREATE TABLE IF NOT EXISTS kasa_version (name text PRIMARY KEY);
CREATE TABLE IF NOT EXISTS kasa_pulse (one bool PRIMARY KEY CHECK (one), at timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS kasa_schedule (name text PRIMARY KEY, period timestamptz,
  ended_at timestamptz, took interval, found bigint NOT NULL DEFAULT 0, code text,
  failures int NOT NULL DEFAULT 0)
"""
_WAKING = """
CREATE OR REPLACE FUNCTION kasa_wake_next() RETURNS trigger LANGUAGE plpgsql
SET search_path = jobs, pg_catalog AS $$ BEGIN
  IF EXISTS (SELECT FROM procrastinate_jobs WHERE lock = NEW.lock AND status = 'todo') THEN
    PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name,
      json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text);
  END IF;
  RETURN NULL;
END $$;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'kasa_wake_next') THEN
    CREATE TRIGGER kasa_wake_next AFTER UPDATE OF status ON procrastinate_jobs FOR EACH ROW
      WHEN (OLD.status = 'doing' AND NEW.status <> 'doing' AND NEW.lock IS NOT NULL)
      EXECUTE FUNCTION kasa_wake_next();
  END IF;
END $$;
"""
"""The library wakes workers for a new job alone; here also for one whose turn has come."""
_RIGHTS = """
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA jobs FROM PUBLIC, kasa_app, kasa_platform;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA jobs FROM PUBLIC, kasa_app, kasa_platform;
GRANT INSERT ON procrastinate_jobs, procrastinate_events TO kasa_app, kasa_platform;
GRANT SELECT (id, queueing_lock) ON procrastinate_jobs TO kasa_app, kasa_platform;
GRANT USAGE ON SEQUENCE procrastinate_jobs_id_seq, procrastinate_events_id_seq
  TO kasa_app, kasa_platform;
GRANT EXECUTE ON FUNCTION procrastinate_defer_jobs_v1 TO kasa_app, kasa_platform;
"""

Connection = psycopg.Connection[tuple[object, ...]]


def upgrade_jobs_schema(connection: Connection) -> None:
    """Bring the queue's tables to the installed version, in one transaction; may run again.

    ``connection`` is the owner's, in autocommit; ``kasa_jobs`` is entered for the transaction.
    """
    with connection.transaction():
        connection.execute(_ENTER, prepare=False)
        connection.execute(_OWN_TABLES, prepare=False)
        row = connection.execute("SELECT max(name) FROM jobs.kasa_version").fetchone()
        done = row[0] if row else None
        names = _migrations()
        if done is None:
            _run(connection, _text("schema.sql"))
            new = names[-1:]
        else:
            new = [name for name in names if name > str(done)]
            for name in new:
                _run(connection, _text(f"migrations/{name}"))
        for name in new:
            connection.execute("INSERT INTO jobs.kasa_version (name) VALUES (%s)", [name])
        connection.execute(_WAKING, prepare=False)
        connection.execute(_RIGHTS, prepare=False)


def has_own_parts(connection: sqlalchemy.Connection) -> bool:
    """Return whether the newest of kasa's own parts beside the queue is there."""
    asked = sqlalchemy.text("SELECT to_regproc('jobs.kasa_wake_next') IS NOT NULL")
    return bool(connection.execute(asked).scalar())


def _migrations() -> list[str]:
    folder = files("procrastinate").joinpath("sql", "migrations")
    return sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))


def _text(path: str) -> str:
    return files("procrastinate").joinpath("sql", *path.split("/")).read_text(encoding="utf-8")


def _run(connection: Connection, script: str) -> None:
    statement = sql.SQL(script)
    connection.execute(statement, prepare=False)
