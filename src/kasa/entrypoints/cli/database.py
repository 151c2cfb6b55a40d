"""`kasa db`: the schema of the database, and its backups."""

import click

from kasa.entrypoints.bootstrap_database import (
    SchemaStatus,
    migrate,
    renew_passwords,
    role_script,
    schema_status,
)
from kasa.entrypoints.cli.backups import COMMANDS
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.settings import Settings


@click.group
def db() -> None:
    r"""The database: the embedded one, or that of KASA_DATABASE_URL.

    \b
    Examples:
      kasa db init
      kasa db status --json
      kasa db init --print-sql > roles.sql
      kasa db backup && kasa db drill
    """


for part in COMMANDS:
    db.add_command(part)


@db.command("init")
@click.option("--print-sql", is_flag=True, help="Only print the SQL that makes the roles.")
@click.option("--managed", is_flag=True, help="For a server that cannot grant BYPASSRLS.")
@asked
def init(request: Request, *, print_sql: bool, managed: bool) -> None:
    """Make the database ready: server, roles, schema; a second run changes nothing."""
    if print_sql:
        script = role_script(managed=managed)
        request.screen.show(script)
        request.screen.answer({"sql": script})
        return
    _upgrade(request, managed=managed)


@db.command("upgrade")
@click.option("--managed", is_flag=True, help="For a server that cannot grant BYPASSRLS.")
@asked
def upgrade(request: Request, *, managed: bool) -> None:
    """Bring the schema to what this program needs; forward only."""
    _upgrade(request, managed=managed)


def _upgrade(request: Request, *, managed: bool) -> None:
    with request.screen.waiting("Upgrading the database ..."):
        before, after = migrate(Settings.from_env(), managed=managed)
    _tell(request, after)
    found, wanted = after
    request.screen.answer({"before": before[0], "after": found, "wanted": wanted})


@db.command("status")
@asked
def show_status(request: Request) -> None:
    """Say which schema is there and which one is needed."""
    status = schema_status(Settings.from_env())
    _tell(request, status)
    found, wanted = status
    request.screen.answer({"found": found, "wanted": wanted, "current": found == wanted})


@db.command("passwords")
@click.option("--reset", is_flag=True, required=True, help="Make new ones.")
@asked
def passwords(request: Request, *, reset: bool) -> None:
    """Give the logins of the embedded server new passwords, also when database.json is lost.

    The server is stopped for it; what still runs with the old ones has to be started again.
    """
    with request.screen.waiting("Making new passwords ..."):
        renew_passwords(Settings.from_env())
    request.screen.say("The logins have new passwords, in database.json.", "green")
    request.screen.answer({"reset": reset})


def _tell(request: Request, status: SchemaStatus) -> None:
    found, wanted = status
    request.screen.show(f"schema {found or 'none'}, needed {wanted}")
    if found is None or found < wanted:
        request.screen.warn("The schema is behind: kasa db upgrade")
    elif found > wanted:
        request.screen.warn("The schema is newer than this program: start the newer one")
