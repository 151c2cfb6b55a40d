"""Accounts that were added twice, before that was refused, become one when kasa is upgraded."""

from uuid import UUID, uuid4

import psycopg
import pytest
from alembic.script import ScriptDirectory
from psycopg import sql

from kasa.adapters.postgres import upgrade as upgrading
from kasa.adapters.postgres.roles import SUPERUSER
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration

ADD = """INSERT INTO kasa.receiving_accounts (tenant_id, id, bank, number, currency, bakong_id,
account_info, tag, merchant_id, city, printed_qr, short_name_alone, version)
VALUES (%s, %s, 'ABA', %s, 'KHR', '', '', '29', '', 'Phnom Penh', false, false, 1)"""
NAME = "INSERT INTO kasa.accepted_names (tenant_id, account_id, no, name) VALUES (%s, %s, %s, %s)"
NAMES = "SELECT name FROM kasa.accepted_names WHERE tenant_id = %s AND account_id = %s ORDER BY no"
IN_USE = """SELECT id FROM kasa.receiving_accounts WHERE tenant_id = %s AND archived_at IS NULL
ORDER BY id"""


def test_accounts_that_were_added_twice_become_one(database: Database) -> None:
    """The first keeps the names of all, each once, at most 20; the later ones are archived."""
    script = ScriptDirectory.from_config(upgrading._config())
    revision = script.get_revision("r0008_submissions")
    shop, other = uuid4(), uuid4()
    first, second, third, alone, foreign = (UUID(int=shop.int + count) for count in range(5))
    with psycopg.connect(database.server.address(SUPERUSER, database.name)) as connection:
        connection.execute("DROP INDEX kasa.receiving_accounts_bank_number_currency_key")
        for tenant, account, number, names in (
            (shop, first, "010959385", ["Sokha Textiles"]),
            (shop, second, "010959385", ["SOKHA TEX", "Sokha Textiles"]),
            (shop, third, "010959385", [f"Sokha {count:02d}" for count in range(20)]),
            (shop, alone, "010959386", ["Dara Silk"]),
            (other, foreign, "010959385", ["Somebody Else"]),
        ):
            connection.execute(ADD, (tenant, account, number))
            for no, name in enumerate(names, start=1):
                connection.execute(NAME, (tenant, account, no, name))
        connection.execute(sql.SQL(revision.module._MERGE_NAMES))
        connection.execute(sql.SQL(revision.module._ARCHIVE_TWINS))
        names = [row[0] for row in connection.execute(NAMES, (shop, first))]
        kept = [row[0] for row in connection.execute(IN_USE, (shop,))]
        theirs = [row[0] for row in connection.execute(NAMES, (other, foreign))]
        connection.rollback()
    assert ["Sokha Textiles", "SOKHA TEX", *(f"Sokha {count:02d}" for count in range(18))] == names
    assert [first, alone] == kept
    assert ["Somebody Else"] == theirs
