"""What every store of API keys and service clients must do."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.identity.making import People
from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.service import ApiKey, ServiceClient
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import ClientId, UserId


def api_key(people: People) -> ApiKey:
    """Return a key that lives for a day, not stored."""
    return ApiKey(
        id=ClientId(people.ports.ids.new(people.at)),
        name="Website",
        secret_hash=people.digest(),
        tail="a1b2",
        scopes=frozenset({"read", "invoices"}),
        made_by=UserId(people.ports.ids.new(people.at)),
        made_at=people.at,
        expires_at=people.at + timedelta(days=1),
    )


def service_client(people: People) -> ServiceClient:
    """Return a service client, not stored."""
    return ServiceClient(
        id=ClientId(people.ports.ids.new(people.at)),
        name="Bank reader",
        secret_hash=people.digest(),
        tail="a1b2",
        scopes=frozenset({"alerts:write"}),
        made_by=UserId(people.ports.ids.new(people.at)),
        made_at=people.at,
    )


class KeysConformance:
    """API keys and service clients of one shop."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_key_survives_the_round_trip(self) -> None:
        """As it was made, and as it was saved."""
        people = People.of(self.make_ports())
        owner, key = new_shop(people.ports), api_key(people)
        following = attrs.evolve(api_key(people), replaces=key.id)
        with people.ports.unit_of_work(owner) as work:
            work.keys.add(key)
            work.keys.add(following)
        with people.ports.unit_of_work(owner) as work:
            assert key == work.keys.lock(key.id)
            ended = attrs.evolve(key, ended_at=people.at, version=2)
            work.keys.save(ended)
        with people.ports.unit_of_work.read_only(owner) as view:
            assert ended == view.keys.show(key.id)
            assert (following, ended) == view.keys.all()

    def test_living_keys_are_counted(self) -> None:
        """Neither ended nor expired ones."""
        people = People.of(self.make_ports())
        owner, living = new_shop(people.ports), api_key(people)
        with people.ports.unit_of_work(owner) as work:
            work.keys.add(living)
            work.keys.add(attrs.evolve(api_key(people), ended_at=people.at))
            assert work.keys.count_live(at=people.at) == 1
            assert work.keys.count_live(at=living.expires_at) == 0

    def test_a_client_survives_the_round_trip(self) -> None:
        """As it was made, and as it was saved; ended ones are not counted."""
        people = People.of(self.make_ports())
        owner, client, other = (
            new_shop(people.ports),
            service_client(people),
            service_client(people),
        )
        with people.ports.unit_of_work(owner) as work:
            work.clients.add(client)
            work.clients.add(other)
            assert work.clients.count_live(at=people.at) == 2
        with people.ports.unit_of_work(owner) as work:
            assert client == work.clients.lock(client.id)
            ended = attrs.evolve(client, ended_at=people.at, version=2)
            work.clients.save(ended)
            assert work.clients.count_live(at=people.at) == 1
            later = people.at + timedelta(hours=1)
            work.clients.lock(other.id)
            work.clients.save(attrs.evolve(other, expires_at=later))
            assert work.clients.count_live(at=people.at) == 1
            assert work.clients.count_live(at=later) == 0
        with people.ports.unit_of_work.read_only(owner) as view:
            assert ended == view.clients.show(client.id)
            assert (attrs.evolve(other, expires_at=later), ended) == view.clients.all()

    def test_foreign_keys_are_missing_ones(self) -> None:
        """Another shop neither shows, locks nor counts them; nor is anything saved unlocked."""
        people = People.of(self.make_ports())
        owner, stranger = new_shop(people.ports), new_shop(people.ports)
        key, client = api_key(people), service_client(people)
        with people.ports.unit_of_work(owner) as work:
            work.keys.add(key)
            work.clients.add(client)
        with people.ports.unit_of_work(stranger) as work:
            assert work.keys.count_live(at=people.at) == 0
            assert work.clients.count_live(at=people.at) == 0
            with pytest.raises(NotFound):
                work.keys.lock(key.id)
            with pytest.raises(NotFound):
                work.clients.lock(client.id)
        with people.ports.unit_of_work(owner) as work:
            with pytest.raises(RuntimeError):
                work.keys.save(key)
            with pytest.raises(RuntimeError):
                work.clients.save(client)
        with people.ports.unit_of_work.read_only(stranger) as view:
            assert () == view.keys.all()
            assert () == view.clients.all()
            with pytest.raises(NotFound):
                view.keys.show(key.id)
            with pytest.raises(NotFound):
                view.clients.show(client.id)
