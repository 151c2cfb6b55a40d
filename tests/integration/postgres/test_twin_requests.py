"""What a request is told whose twin ended while its key was looked up."""

import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop, with_key
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.idempotency import Answered, KeyReused
from tests.integration.conftest import Database

pytestmark = [pytest.mark.integration, pytest.mark.A7]

KEY = "8f14e45f"


@pytest.mark.parametrize(
    ("fingerprint", "meant"), [("a body", Answered), ("another body", KeyReused)]
)
def test_a_twin_that_ended_while_the_key_was_looked_up(
    fingerprint: str, meant: type[KasaError], database: Database
) -> None:
    """A twin may end between the look and the lock: its answer, or that the key has another body.

    It is ended here while the other is at work, by what the twin would have stored.
    """
    ports = database.ports()
    actor = with_key(new_shop(ports), KEY, route="POST /x", fingerprint="a body")
    with pytest.raises(meant), ports.unit_of_work(actor) as work:
        with psycopg.connect(database.addresses.owner) as twin:
            twin.execute(
                "INSERT INTO kasa.idempotency_keys"
                " (tenant_id, caller, route, key, fingerprint, type, answer)"
                " VALUES (%s, %s, 'POST /x', %s, %s, 'str', '\"done\"')",
                [actor.tenant, actor.user, KEY, fingerprint],
            )
        work.answer(work.tenants.lock())
