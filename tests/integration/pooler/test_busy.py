"""What callers see of a pooler whose connections are all in use."""

import threading
import time

import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.work import StoreBusy
from tests.integration.bouncer import SERVER_CONNECTIONS
from tests.integration.conftest import Database

pytestmark = [
    pytest.mark.integration,
    pytest.mark.deep,
    pytest.mark.pooler,
    pytest.mark.G1,
    pytest.mark.xdist_group("timings"),
]

ANSWER_SECONDS = 10


def test_a_pooler_whose_connections_are_all_held_is_busy(database: Database) -> None:
    """After its ``query_wait_timeout`` the caller is told ``store.busy``; then all goes on."""
    ports = database.ports()
    owner = new_shop(ports)
    together = threading.Barrier(SERVER_CONNECTIONS + 1, timeout=60)
    done = threading.Event()

    def hold() -> None:
        with ports.unit_of_work.read_only(owner) as view:
            assert owner.tenant == view.tenant.id
            together.wait()
            done.wait(60)

    holders = [threading.Thread(target=hold) for _ in range(SERVER_CONNECTIONS)]
    for holder in holders:
        holder.start()
    together.wait()
    began = time.monotonic()
    try:
        with pytest.raises(StoreBusy), ports.unit_of_work.read_only(owner):
            pass
        assert time.monotonic() - began < ANSWER_SECONDS
    finally:
        done.set()
        for holder in holders:
            holder.join()
    with ports.unit_of_work.read_only(owner) as view:
        assert owner.tenant == view.tenant.id
