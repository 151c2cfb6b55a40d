"""What a clock, makers of identifiers and of secrets must do."""

from datetime import UTC, timedelta
from uuid import RFC_4122, UUID

from kasa.application.ports.bundle import Ports


class SystemConformance:
    """Aware UTC; unique and rising; unguessable."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_the_clock_is_aware_and_in_utc(self) -> None:
        """A moment has its zone, and does not run backwards."""
        clock = self.make_ports().clock
        first, second = clock.now(), clock.now()
        assert first.tzinfo is UTC
        assert first <= second

    def test_identifiers_are_unique_and_rise(self) -> None:
        """Also within one moment, and when the clock steps back."""
        ports = self.make_ports()
        at = ports.clock.now()
        made = [ports.ids.new(at) for _ in range(500)]
        made += [ports.ids.new(at - timedelta(seconds=1)) for _ in range(500)]
        assert sorted(set(made)) == made

    def test_identifiers_are_of_version_7(self) -> None:
        """An identifier shows the millisecond of its moment (RFC 9562, 5.7)."""
        ports = self.make_ports()
        at = ports.clock.now()
        made = ports.ids.new(at)
        assert (7, RFC_4122) == (made.version, made.variant)
        assert int(at.timestamp()) == _milliseconds(made) // 1000

    def test_secrets_are_128_bits_and_differ(self) -> None:
        """22 characters of base64url, never the same twice."""
        secrets = self.make_ports().secrets
        made = {secrets.token() for _ in range(1000)}
        assert len(made) == 1000
        allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        assert all(len(token) == 22 and set(token) <= allowed for token in made)


def _milliseconds(id: UUID) -> int:
    return id.int >> 80
