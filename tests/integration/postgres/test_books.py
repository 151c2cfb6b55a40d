"""Reconcile queries over a whole database, as backups, drills and sweeps ask them."""

import psycopg
import pytest

from kasa.adapters.conformance.books import LivedIn
from kasa.adapters.postgres.books import all_differences
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.ports.books import Total
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration

_SPOIL = (
    "UPDATE kasa.customer_credits SET balance_minor = balance_minor + 1 WHERE tenant_id = %s",
    "DELETE FROM kasa.number_series WHERE tenant_id = %s AND series = 'CN'",
    "UPDATE kasa.usage_counters SET used = used + 1 WHERE tenant_id = %s AND meter = 'invoices'",
    "DELETE FROM kasa.stock_reservations WHERE tenant_id = %s",
)


def test_totals_of_every_shop_are_compared_at_once(database: Database) -> None:
    """What differs is told with its shop; what a period counted is never compared."""
    shops = [LivedIn.over(database.ports()) for _ in range(2)]
    spoiled = shops[0].owner.tenant
    address = database.server.address(SUPERUSER, database.name)
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in _SPOIL:
            connection.execute(statement.encode(), [spoiled])
        found = all_differences(connection, tenant=spoiled)
        every = all_differences(connection)
        assert () == all_differences(connection, tenant=shops[1].owner.tenant)
    assert [
        (Total.CREDIT_BALANCE, 1),
        (Total.NUMBERS_GIVEN, -1),
        (Total.NUMBERS_LAST, -1),
    ] == [(row.total, row.by) for row in found if not row.total.is_stock]
    assert set(found) <= set(every)
    assert shops[1].owner.tenant not in {row.tenant for row in every}
    assert found == shops[0].differences()


def test_a_login_behind_policies_sees_no_other_shop(database: Database) -> None:
    """Without a tenant nothing is compared, whatever differs."""
    shop = LivedIn.over(database.ports())
    with psycopg.connect(
        database.server.address(SUPERUSER, database.name), autocommit=True
    ) as connection:
        connection.execute(_SPOIL[0].encode(), [shop.owner.tenant])
        assert all_differences(connection, tenant=shop.owner.tenant)
    with psycopg.connect(database.addresses.app) as connection:
        assert () == all_differences(connection)
