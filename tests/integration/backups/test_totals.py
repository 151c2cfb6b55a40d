"""What was backed up comes back: rows, sums, hashes, files, roles, policies and rights."""

import json
from pathlib import Path

import psycopg
import pytest

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import APP, LOGINS, SUPERUSER
from kasa.adapters.storage.storage import ObstoreStorage
from kasa.entrypoints.bootstrap_backups import drill_backup, list_backups, restore_backup
from kasa.entrypoints.settings import Settings
from tests.integration.backups.conftest import FILES, INVOICES, SHOPS, Live, totals

pytestmark = pytest.mark.integration

FACTS = (
    (
        "SELECT n.nspname || '.' || c.relname, c.relrowsecurity, c.relforcerowsecurity,"
        " c.relowner::regrole::text,"
        " (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(relacl) a)"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname IN ('kasa', 'platform', 'jobs') AND c.relkind IN ('r', 'S') ORDER BY 1"
    ),
    (
        "SELECT schemaname, tablename, policyname, permissive, roles::text, cmd, qual, with_check"
        " FROM pg_policies ORDER BY 1, 2, 3"
    ),
    (
        "SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,"
        " rolreplication, rolbypassrls, rolconfig"
        " FROM pg_roles WHERE rolname LIKE 'kasa%'"
        " ORDER BY 1"
    ),
    (
        "SELECT member::regrole::text, roleid::regrole::text, admin_option, inherit_option,"
        " set_option"
        " FROM pg_auth_members WHERE member::regrole::text LIKE 'kasa%' ORDER BY 1, 2"
    ),
    (
        "SELECT p.oid::regprocedure::text, p.prosecdef, p.proowner::regrole::text, p.proconfig,"
        " (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(p.proacl) a)"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname IN ('kasa', 'platform', 'jobs') ORDER BY 1"
    ),
    (
        "SELECT nspname, nspowner::regrole::text,"
        " (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(nspacl) a)"
        " FROM pg_namespace WHERE nspname IN ('kasa', 'platform', 'jobs', 'public') ORDER BY 1"
    ),
    (
        "SELECT (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a)"
        " FROM pg_database WHERE datname = current_database()"
    ),
    (
        "SELECT defaclrole::regrole::text, defaclobjtype,"
        " (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(defaclacl) a)"
        " FROM pg_default_acl ORDER BY 1, 2"
    ),
)


def _facts(address: str) -> list[list[tuple[object, ...]]]:
    with psycopg.connect(address) as connection:
        return [connection.execute(statement.encode()).fetchall() for statement in FACTS]


@pytest.mark.G2
@pytest.mark.G3
def test_a_restored_backup_is_what_was_backed_up(live: Live, target: Path) -> None:
    """On another server: counts, sums and row hashes of every tenant, roles, policies, rights."""
    told = restore_backup(Settings(home=target), str(live.take().folder))
    assert (told.files, told.age_seconds >= 0) == (SHOPS * FILES, True)
    server = EmbeddedServer(target, settings={"fsync": "off"})
    server.start()
    try:
        expected, found = totals(live.address), totals(server.address(SUPERUSER))
        assert expected == found
        invoices = {key[1]: value[0] for key, value in found.items() if key[0] == "kasa.invoices"}
        assert {shop.tenant: INVOICES + number for number, shop in enumerate(live.shops)} == {
            shop.tenant: invoices[str(shop.tenant)] for shop in live.shops
        }
        assert _facts(live.address) == _facts(server.address(SUPERUSER))
        for role in LOGINS:
            assert server.home.password(role) != live.server.home.password(role)
            psycopg.connect(server.address(role)).close()
        with psycopg.connect(server.address(APP)) as connection:
            assert connection.execute("SELECT count(*) FROM kasa.invoices").fetchone() == (0,)
    finally:
        server.stop()
    storage = ObstoreStorage.at(str(target / "files"))
    assert sorted(live.storage.keys()) == sorted(storage.keys())
    for key in list(storage.keys()):
        assert b"".join(live.storage.get(key)) == b"".join(storage.get(key))
    assert not (target / "restoring").exists()


@pytest.mark.G2
def test_a_drill_proves_a_backup_whatever_was_written_since(live: Live) -> None:
    """The drill compares with the moment of the backup, and tells its age and duration."""
    made = live.take()
    with psycopg.connect(live.address) as connection:
        connection.execute("UPDATE kasa.tenants SET name_km = 'later'")
    told = drill_backup(live.settings, made.name)
    assert (told.differences, told.warnings, told.proven) == ((), (), True)
    assert told.drill_seconds is not None
    assert told.drill_seconds > 0
    assert told.drilled_at is not None
    assert told.drilled_at > made.at
    listed = {one.name: one for one in list_backups(live.settings, check=True)}
    assert listed[made.name].proven
    assert not (live.home / "drill").exists()
    record = json.loads((made.folder / "drill.json").read_text())
    assert record["code"] is None
