"""The roles of a database and what each may do to it; the administrator's script.

The script may run again on a database that has it. It needs a superuser, or a role that may make
roles and owns the database; managed servers cannot grant BYPASSRLS (data.md, section 2).
"""

import secrets

import psycopg
from psycopg import sql

DATABASE = "kasa"
SUPERUSER = "postgres"
OWNER = "kasa_owner"
APP = "kasa_app"
PLATFORM_ROLE = "kasa_platform"
JOBS = "kasa_jobs"
BACKUP = "kasa_backup"
LOGINS = (OWNER, APP, JOBS, BACKUP)
PASSWORD_BYTES = 32

_PLAIN = "NOSUPERUSER NOCREATEROLE NOCREATEDB"
_ATTRIBUTES = {
    OWNER: f"LOGIN {_PLAIN} NOREPLICATION BYPASSRLS",
    APP: f"LOGIN {_PLAIN} NOREPLICATION NOBYPASSRLS NOINHERIT",
    PLATFORM_ROLE: f"NOLOGIN {_PLAIN} NOREPLICATION NOBYPASSRLS",
    JOBS: f"LOGIN {_PLAIN} NOREPLICATION NOBYPASSRLS",
    BACKUP: f"LOGIN {_PLAIN} REPLICATION BYPASSRLS",
}
_MANAGED = {
    OWNER: "LOGIN",
    APP: "LOGIN NOINHERIT",
    PLATFORM_ROLE: "NOLOGIN",
    JOBS: "LOGIN",
    BACKUP: "LOGIN",
}
_MANAGED_GRANTS = f"GRANT {OWNER}, {JOBS} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;"
_MAKE_ROLE = """DO $$ BEGIN
  CREATE ROLE {role};
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
ALTER ROLE {role} {attributes};"""
_GRANTS = f"""GRANT {APP}, {PLATFORM_ROLE}, {JOBS} TO {OWNER} WITH INHERIT FALSE, SET TRUE;
GRANT {PLATFORM_ROLE} TO {APP} WITH INHERIT FALSE, SET TRUE;
DO $$ BEGIN
  GRANT pg_read_all_data TO {BACKUP};
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE '{BACKUP} cannot read every row here: use the backups of the server';
END $$;
ALTER ROLE {JOBS} SET search_path = jobs, pg_catalog;
DO $$ BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO {", ".join(LOGINS)}', current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS kasa AUTHORIZATION {OWNER};
CREATE SCHEMA IF NOT EXISTS platform AUTHORIZATION {OWNER};
CREATE SCHEMA IF NOT EXISTS jobs AUTHORIZATION {JOBS};
GRANT USAGE ON SCHEMA kasa, platform, jobs TO {APP}, {PLATFORM_ROLE};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE ALL ON TYPES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE {JOBS} REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE {JOBS} REVOKE ALL ON TYPES FROM PUBLIC;"""
_HEADER = f"""-- The roles and schemas of kasa. Run it once, inside the empty database of kasa:
--   psql -v ON_ERROR_STOP=1 -d {DATABASE} -f roles.sql
-- then give each login its password with \\password, and kasa the matching
-- KASA_DATABASE_URL ({APP}), KASA_OWNER_DATABASE_URL ({OWNER}), KASA_JOBS_DATABASE_URL ({JOBS});
-- for backups by kasa also KASA_BACKUP_DATABASE_URL ({BACKUP})."""


def role_script(*, managed: bool = False) -> str:
    """Return the script that an administrator runs; ``managed`` where BYPASSRLS cannot be had."""
    attributes = _MANAGED if managed else _ATTRIBUTES
    made = [_MAKE_ROLE.format(role=role, attributes=how) for role, how in attributes.items()]
    if managed:
        made.append(_MANAGED_GRANTS)
    return "\n".join([_HEADER, *made, _GRANTS, ""])


def new_password() -> str:
    """Return 32 random bytes as text that needs no quoting in an address."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def set_password(connection: psycopg.Connection[tuple[object, ...]], role: str, word: str) -> None:
    """Set a role's password; the server only ever sees its SCRAM verifier."""
    verifier = connection.pgconn.encrypt_password(
        word.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
    )
