"""What proofs of who somebody is must do, however cheap they are."""

from datetime import timedelta
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.application.ports.bundle import Ports
from kasa.application.ports.credentials import Purpose, SealBroken
from kasa.domain.identity.access import TokenInvalid
from kasa.domain.identity.password import PasswordFault
from kasa.domain.identity.token import Claims, TokenKind
from kasa.domain.kernel.ids import SessionId, TenantId

PERSON = UUID(int=7)
SHOP = TenantId(UUID(int=8))
SESSION = SessionId(UUID(int=9))
LIFE = timedelta(minutes=10)
TYPED = "ស្រូវអង្ករ with 3 words 🌾"


class CredentialsConformance:
    """Passwords, lists of them, tokens, seals, digests, codes; a subclass makes the ports."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_password_is_recognised_and_no_other(self) -> None:
        """Every code point counts, nothing is cut; nobody's hash is never right."""
        passwords = self.make_ports().passwords
        hashed = passwords.hash(TYPED)
        assert TYPED not in hashed
        assert passwords.verify(hashed, TYPED)
        assert not passwords.verify(hashed, f"{TYPED} ")
        assert not passwords.verify(hashed, TYPED.upper())
        assert not passwords.verify(None, TYPED)
        assert not passwords.is_outdated(hashed)

    def test_the_end_of_a_long_password_counts(self) -> None:
        """Two passwords of 200 letters that differ in the last are two."""
        passwords = self.make_ports().passwords
        assert not passwords.verify(passwords.hash("a" * 199 + "b"), "a" * 199 + "c")

    def test_a_frequent_password_is_listed(self) -> None:
        """One of the first that everybody tries is known, a random one is not."""
        blocklist = self.make_ports().blocklist
        assert PasswordFault.LISTED is blocklist.listed("password")
        assert blocklist.listed("yaqe-7513-nobody-has-this") is None

    @pytest.mark.parametrize("kind", TokenKind)
    def test_a_token_reads_back(self, kind: TokenKind) -> None:
        """It says what was signed, and of what kind it is."""
        ports = self.make_ports()
        claims = self._claims(ports, kind)
        assert claims == ports.tokens.verify(ports.tokens.sign(claims), at=ports.clock.now())

    @pytest.mark.parametrize("kind", TokenKind)
    def test_a_token_ends(self, kind: TokenKind) -> None:
        """At the instant of its end it is none any more."""
        ports = self.make_ports()
        claims = self._claims(ports, kind)
        token = ports.tokens.sign(claims)
        ports.tokens.verify(token, at=claims.expires_at - timedelta(microseconds=1))
        with pytest.raises(TokenInvalid):
            ports.tokens.verify(token, at=claims.expires_at)

    def test_a_token_from_the_future_is_none(self) -> None:
        """Clocks may differ by 60 s and not by more."""
        ports = self.make_ports()
        claims = self._claims(ports, TokenKind.ACCESS)
        token = ports.tokens.sign(claims)
        ports.tokens.verify(token, at=claims.issued_at - timedelta(seconds=60))
        with pytest.raises(TokenInvalid):
            ports.tokens.verify(token, at=claims.issued_at - timedelta(seconds=61))

    def test_a_changed_token_is_none(self) -> None:
        """Whatever letter is changed, left out or added."""
        ports = self.make_ports()
        token, at = ports.tokens.sign(self._claims(ports, TokenKind.ACCESS)), ports.clock.now()

        @given(place=st.integers(0, len(token) - 2), letter=st.sampled_from("Aaz9_-. =\0é"))
        def check(place: int, letter: str) -> None:
            changed = token[:place] + letter + token[place + 1 :]
            if changed != token:
                with pytest.raises(TokenInvalid):
                    ports.tokens.verify(changed, at=at)

        check()
        for wrong in ("", ".", "..", token[:-2], f"{token}.", f"{token}x", token[1:]):
            with pytest.raises(TokenInvalid):
                ports.tokens.verify(wrong, at=at)

    def test_a_seal_opens_at_its_place_alone(self) -> None:
        """What was sealed comes back for the same place, and for no other."""
        box = self.make_ports().box

        @given(secret=st.binary(max_size=200), place=st.text(max_size=40))
        def check(secret: bytes, place: str) -> None:
            sealed = box.seal(secret, place)
            assert secret == box.open(sealed, place)
            assert not box.is_outdated(sealed)
            with pytest.raises(SealBroken):
                box.open(sealed, f"{place}.")

        check()

    def test_a_broken_seal_does_not_open(self) -> None:
        """Too short, empty, or none at all."""
        box = self.make_ports().box
        sealed = box.seal(b"secret", "place")
        for wrong in (b"", sealed[:1], sealed[:20], b"\xff" * 64):
            with pytest.raises(SealBroken):
                box.open(wrong, "place")

    def test_digests_are_of_their_purpose(self) -> None:
        """The same bytes have another digest for each purpose; half of one is enough to show."""
        digests = self.make_ports().digests
        made = {purpose: digests.digest(purpose, b"thing") for purpose in Purpose}
        assert len(Purpose) == len(set(made.values()))
        for purpose, digest in made.items():
            assert len(digest) == 32
            assert digests.digest(purpose, b"thing") == digest
            assert digests.matches(purpose, b"thing", digest)
            assert digests.matches(purpose, b"thing", digest[:16])
            assert not digests.matches(purpose, b"other", digest)
            assert not digests.matches(purpose, b"thing", digest[:15])
            assert not digests.matches(purpose, b"thing", b"")
            assert not digests.matches(purpose, b"thing", digest + b"\0")

    def test_codes_have_their_length_and_differ(self) -> None:
        """160 bits for an app, 80 bits to keep in a drawer, 8 digits to type."""
        codes = self.make_ports().one_time_codes
        for make, size in ((codes.secret, 20), (codes.recovery, 10)):
            made = {make() for _ in range(50)}
            assert (50, {size}) == (len(made), {len(one) for one in made})
        digits = [codes.digits() for _ in range(50)]
        assert all(len(one) == 8 and one.isascii() and one.isdigit() for one in digits)
        assert len(set(digits)) > 40

    def _claims(self, ports: Ports, kind: TokenKind) -> Claims:
        now = ports.clock.now().replace(microsecond=0)
        claims = Claims(kind=kind, subject=PERSON, issued_at=now, expires_at=now + LIFE)
        match kind:
            case TokenKind.ACCESS:
                return attrs.evolve(claims, tenant=SHOP, session=SESSION, version=3)
            case TokenKind.PLATFORM:
                return attrs.evolve(claims, session=SESSION)
            case TokenKind.SERVICE:
                scopes = frozenset({"read", "invoices"})
                return attrs.evolve(
                    claims, tenant=SHOP, scopes=scopes, act="member owner", rid="request"
                )
