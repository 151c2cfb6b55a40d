"""Addresses of databases, before anything is opened."""

import pytest

from kasa.adapters.postgres.addresses import AddressInvalid, check_address, same_place
from kasa.adapters.postgres.connections import wanted_connections


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:secret@db/kasa?colour=secret",
        "postgresql://me:secret@db/kasa?port",
        "postgresql://me:secret@[db/kasa",
        "kasa of secret",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_its_text(address: str) -> None:
    """The refusal names the setting and no word of the address, which holds a password."""
    with pytest.raises(AddressInvalid) as refused:
        check_address("KASA_DATABASE_URL", address)
    assert refused.value.message.startswith("KASA_DATABASE_URL: ")
    assert "secret" not in refused.value.message
    assert refused.value.__suppress_context__


def test_start_options_are_refused_behind_a_pooler_alone() -> None:
    """PgBouncer refuses them or forgets them; a server takes them."""
    address = "postgresql://db/kasa?options=-cwork_mem%3D8MB"
    check_address("KASA_DATABASE_URL", address)
    with pytest.raises(AddressInvalid):
        check_address("KASA_DATABASE_URL", address, pooled=True)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("postgresql://kasa_jobs@db/kasa", True),
        ("host=db port=5432 dbname=kasa", True),
        ("postgresql://kasa_jobs@db:6432/kasa", False),
        ("postgresql://kasa_jobs@db2/kasa", False),
    ],
)
def test_a_place_is_a_host_and_a_port(other: str, *, same: bool) -> None:
    """Logins and databases of one pooler or server are at one place."""
    assert same is same_place("postgresql://kasa_app@db/kasa", other)


def test_the_sum_of_connections() -> None:
    """One door of 8, a worker of 13, the queue's 4 and its listener, a backup of 2, an upgrade."""
    assert 8 + 13 + 4 + 1 + 2 + 1 == wanted_connections(pooled=False, listens=True)
    assert 4 + 4 + 4 + 0 + 2 + 1 == wanted_connections(pooled=True, listens=False)
