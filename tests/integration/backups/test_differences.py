"""Whatever a restore could lose is seen in the figures: each loss is made, told, and taken back."""

import psycopg
import pytest

from kasa.adapters.postgres.backups.comparing import differences
from kasa.adapters.postgres.backups.figures import lines
from kasa.adapters.postgres.backups.manifest import FIGURES
from kasa.adapters.postgres.backups.shelf import Shelved
from tests.integration.backups.conftest import Live
from tests.integration.conftest import _users

pytestmark = [pytest.mark.integration, pytest.mark.G3]

LOSSES = {
    "ALTER TABLE kasa.invoices DISABLE ROW LEVEL SECURITY": "relation kasa invoices",
    "ALTER TABLE kasa.invoices NO FORCE ROW LEVEL SECURITY": "relation kasa invoices",
    "ALTER TABLE kasa.invoices OWNER TO postgres": "relation kasa invoices",
    "DROP POLICY tenant ON kasa.payments": "policy kasa payments",
    "ALTER POLICY tenant ON kasa.payments USING (true)": "policy kasa payments",
    "GRANT DELETE ON kasa.events TO kasa_app": "grant kasa events kasa_app DELETE",
    "REVOKE INSERT ON kasa.events FROM kasa_app": "grant kasa events kasa_app INSERT",
    "GRANT SELECT (id) ON kasa.events TO kasa_backup": "column grant kasa events id",
    "GRANT EXECUTE ON FUNCTION kasa.current_tenant() TO PUBLIC": "function grant kasa",
    "ALTER FUNCTION kasa.current_tenant() SECURITY DEFINER": "function kasa",
    "ALTER TABLE kasa.invoices DROP CONSTRAINT invoices_due_minor_check": "constraint kasa",
    "ALTER TABLE kasa.tenants ALTER COLUMN name DROP NOT NULL": "column kasa tenants",
    "ALTER ROLE kasa_app BYPASSRLS": "role kasa_app",
    "GRANT kasa_backup TO kasa_app": "membership kasa_app kasa_backup",
    "GRANT CREATE ON SCHEMA public TO PUBLIC": "schema public",
    "ALTER DEFAULT PRIVILEGES FOR ROLE kasa_owner GRANT SELECT ON TABLES TO kasa_app": "default",
    "UPDATE kasa.tenants SET name_km = 'x' WHERE tenant_id IN"
    " (SELECT min(tenant_id::text)::uuid FROM kasa.tenants)": "kasa.tenants of",
    "UPDATE kasa.invoices SET due_minor = due_minor - 1": "due_minor",
    "DELETE FROM jobs.kasa_version": "jobs.kasa_version",
    "SET LOCAL session_replication_role = replica; DELETE FROM kasa.invoice_lines": "invoice_lines",
}


@pytest.fixture(scope="module")
def fresh(live: Live) -> Shelved:
    """Return a backup of this moment: other tests may have written since the shared one."""
    return live.take()


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_told(live: Live, fresh: Shelved, loss: str) -> None:
    """A right, a policy, a flag, an owner, a check, a row, a value, an amount.

    Roles belong to all databases of the server: nobody else makes one meanwhile.
    """
    expected = (fresh.folder / FIGURES).read_text(encoding="utf-8").splitlines()
    alone = _users(live.server.home.folder.parent)
    with alone, psycopg.connect(live.address) as connection:
        assert differences(expected, lines(connection)) == ()
        connection.rollback()
        connection.execute(loss.encode())
        told = differences(expected, lines(connection))
        connection.rollback()
    assert any(LOSSES[loss] in one for one in told), told
