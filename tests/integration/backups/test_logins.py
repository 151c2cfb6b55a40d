"""Which login may take a backup, and of what."""

from pathlib import Path

import pytest

from kasa.adapters.postgres.backups.dumping import BackupLoginWeak, dump
from kasa.adapters.postgres.backups.programs import Programs
from kasa.adapters.postgres.constraints import StoreSchema
from kasa.adapters.postgres.roles import SUPERUSER
from tests.integration.backups.conftest import Live

pytestmark = pytest.mark.integration


def test_a_login_that_sees_no_rows_takes_no_backup(live: Live, tmp_path: Path) -> None:
    """Rows that it does not see would be missing in the figures too: nothing would differ."""
    address = live.server.addresses(live.database).app
    with pytest.raises(BackupLoginWeak):
        dump(address, tmp_path, Programs(binaries=live.server.binaries))
    assert [] == list(tmp_path.iterdir())


def test_a_database_of_somebody_else_is_not_backed_up(live: Live, tmp_path: Path) -> None:
    """Where kasa's schema is not, there is nothing that could be called a backup of kasa."""
    address = live.server.address(SUPERUSER, "postgres")
    with pytest.raises(StoreSchema):
        dump(address, tmp_path, Programs(binaries=live.server.binaries))
    assert [] == list(tmp_path.iterdir())
