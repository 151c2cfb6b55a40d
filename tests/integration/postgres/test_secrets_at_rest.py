"""Secrets that are shown once lie nowhere: not in a stored answer, not in any table."""

import attrs
import pytest

from kasa.adapters.credentials.boxes import AesBox
from kasa.adapters.credentials.keys import KeyRing
from kasa.adapters.postgres.transactions import PostgresUnitOfWorkFactory
from kasa.application.identity.admitting import Admitted
from kasa.application.kasa import Kasa
from kasa.domain.identity.access import Actor, PlatformActor, Role, TokenInvalid
from kasa.domain.identity.security import SecurityKind
from kasa.domain.kernel.idempotency import Answered, IdempotencyKey
from kasa.domain.kernel.ids import UserId
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import TenantProfile
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration
BOX = AesBox(KeyRing((bytes(range(32)),)))


def _admitted(kasa: Kasa, bearer: str) -> Admitted:
    return kasa.identity.admit(kasa.identity.verified(bearer))


@pytest.mark.D10
@pytest.mark.A7
def test_a_repeat_gets_the_same_secret_and_no_table_holds_it(database: Database) -> None:
    """The stored answer is sealed; the key works, and a client's secret is no key."""
    ports = database.ports()
    units = ports.unit_of_work
    assert isinstance(units, PostgresUnitOfWorkFactory)
    ports = attrs.evolve(ports, unit_of_work=units.sealing(BOX))
    kasa = Kasa.over(ports)
    shop = kasa.tenancy.open(PlatformActor(), TenantProfile(name=name("Sokha Textiles")))
    user = UserId(ports.ids.new(ports.clock.now()))
    owner = Actor.member(shop.id, user, Role.OWNER, recent=True)
    programs = kasa.identity.programs

    def keyed(value: str) -> Actor:
        return attrs.evolve(owner, idempotency=IdempotencyKey(value, "keys", "same"))

    made = programs.make_key(keyed("one"), "Web shop", ["read"])
    with pytest.raises(Answered) as repeated:
        programs.make_key(keyed("one"), "Web shop", ["read"])
    assert made == repeated.value.value
    client = programs.make_client(keyed("two"), "Relay", ["read"])
    came = _admitted(kasa, made.secret.text)
    assert came.actor is not None
    assert made.key.id == came.actor.client
    for wrong in (
        made.secret.text[:49] + "A" * 43,
        f"kasa_{client.client_id}_{client.secret.text}",
    ):
        with pytest.raises(TokenInvalid):
            _admitted(kasa, wrong)
    token = programs.give_token(client.client_id, client.secret.text).token
    assert _admitted(kasa, token).actor is not None
    with units.platform() as work:
        refused = work.security.page(kinds=(SecurityKind.KEY_REFUSED,)).items
    assert str(made.key.id) in {one.detail for one in refused}
    with units.read_only(owner) as view:
        lines = [line for table in view.tables.names() for line in view.tables.lines(table)]
    assert any("Web shop" in line for line in lines)
    for secret in (made.secret.text[49:], client.secret.text):
        assert not [line for line in lines if secret in line]
