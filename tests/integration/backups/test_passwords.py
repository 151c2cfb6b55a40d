"""New passwords for a server whose old ones are lost."""

from pathlib import Path

import psycopg
import pytest

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.home import PasswordsLost
from kasa.adapters.postgres.passwords import NoData
from kasa.adapters.postgres.roles import LOGINS, OWNER
from kasa.entrypoints.bootstrap_database import renew_passwords
from kasa.entrypoints.settings import Settings

pytestmark = [pytest.mark.integration, pytest.mark.deep]


def test_lost_passwords_are_made_anew(target: Path) -> None:
    """Without database.json the server does not start; afterwards every login has a new word."""
    with pytest.raises(NoData):
        renew_passwords(Settings(home=target))
    server = EmbeddedServer(target)
    server.start()
    old = {role: server.home.password(role) for role in LOGINS}
    with psycopg.connect(server.address(OWNER)) as connection:
        connection.execute("CREATE TABLE kasa.kept (word text)")
    (target / "database.json").unlink()
    with pytest.raises(PasswordsLost):
        EmbeddedServer(target).start()
    rules = (target / "pg" / "pg_hba.conf").read_text()
    renew_passwords(Settings(home=target))
    assert rules == (target / "pg" / "pg_hba.conf").read_text()
    again = EmbeddedServer(target)
    again.start()
    try:
        for role in LOGINS:
            psycopg.connect(again.address(role)).close()
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(again.address(role), password=old[role])
        with psycopg.connect(again.address(OWNER)) as connection:
            connection.execute("SELECT word FROM kasa.kept")
    finally:
        again.stop()
