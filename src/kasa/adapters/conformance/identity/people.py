"""What every store of persons must do."""

from kasa.application.ports.bundle import Ports
from kasa.domain.identity.user import User, email, email_key
from kasa.domain.kernel.ids import UserId
from kasa.domain.kernel.text import name


class PeopleConformance:
    """Persons, across shops."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_an_address_is_one_persons(self) -> None:
        """A second person with the address of the first is not stored, however it is written."""
        ports = self.make_ports()
        now = ports.clock.now()
        first, second = (
            User(
                id=UserId(ports.ids.new(now)),
                email=email(address),
                name=name("Sokha"),
                created_at=now,
            )
            for address in ("sokha@example.com", "SOKHA@example.com")
        )
        with ports.unit_of_work.platform() as work:
            assert work.users.add(first)
        with ports.unit_of_work.platform() as work:
            assert not work.users.add(second)
            assert first == work.users.by_email(email_key(email("Sokha@Example.com")))
