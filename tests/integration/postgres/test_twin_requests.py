"""What a request is told whose twin ended while its key was looked up."""

from concurrent.futures import ThreadPoolExecutor

import attrs
import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop, with_key
from kasa.application.kasa import Kasa
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.storage import StorageKey
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.idempotency import Answered, InProgress, KeyReused
from tests.integration.conftest import Database, rewritten

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


def test_a_commit_whose_answer_was_lost_keeps_its_picture(database: Database) -> None:
    """The connection dies right after COMMIT: the request is answered, and the receipt is there."""
    ports = database.ports()
    actor = with_key(new_shop(ports), KEY, route="POST /payments", fingerprint="a receipt")
    made = database.open()
    dies = "COMMIT; SELECT pg_terminate_backend(pg_backend_pid())"
    ends = iter([dies])
    rewritten(made.engine, lambda text: next(ends, text) if text == "COMMIT" else text)
    kasa = Kasa.over(attrs.evolve(ports, unit_of_work=made.unit_of_work))
    with pytest.raises(Answered):
        kasa.payments.submit(actor, NewEvidence(pictures=(b"a receipt",)))
    with ports.unit_of_work.read_only(actor) as view:
        (file,) = view.files.listed().items
    assert b"a receipt" == b"".join(ports.storage.get(StorageKey(file.key)))
    made.close()


def test_a_twin_at_work_is_told_to_come_later(database: Database) -> None:
    """While one works under the key the other gets no further than its opening."""
    ports = database.ports()
    actor = with_key(new_shop(ports), KEY, route="POST /x", fingerprint="a body")

    def opened(request: Actor) -> bool:
        with ports.unit_of_work(request):
            return True

    with ThreadPoolExecutor(1) as beside, ports.unit_of_work(actor):
        twin = beside.submit(opened, actor)
        with pytest.raises(InProgress):
            twin.result(60)
        assert beside.submit(opened, with_key(actor, KEY, route="POST /y")).result(60)
