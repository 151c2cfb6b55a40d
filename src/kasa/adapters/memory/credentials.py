"""Cheap proofs: hashes, seals and signatures that anybody could make, for tests and trials."""

import hashlib
import hmac
from datetime import datetime
from itertools import count
from threading import Lock

from kasa.adapters.memory.outside import refuse_inside_unit_of_work
from kasa.application.ports.credentials import Purpose, SealBroken
from kasa.domain.identity.access import TokenInvalid
from kasa.domain.identity.password import PasswordFault
from kasa.domain.identity.token import CLOCK_SKEW, Claims

FREQUENT = frozenset({"password", "iloveyou", "correcthorsebatterystaple", "sokhasokha"})


class CheapPasswordHasher:
    """Hashes once, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def hash(self, password: str) -> str:
        """Return a hash that names its parameters."""
        refuse_inside_unit_of_work()
        self.asked += 1
        return f"cheap${hashlib.sha256(password.encode()).hexdigest()}"

    def verify(self, hashed: str | None, password: str) -> bool:
        """Tell whether it is the password; None costs as much and is never right."""
        return hmac.compare_digest(self.hash(password), hashed or "cheap$none")

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether a hash was made otherwise."""
        return not hashed.startswith("cheap$")


class ShortBlocklist:
    """Knows a handful of passwords."""

    def __init__(self, frequent: frozenset[str] = FREQUENT) -> None:
        self._frequent = frequent

    def listed(self, word: str) -> PasswordFault | None:
        """Return why a word is refused, or None."""
        return PasswordFault.LISTED if word in self._frequent else None


class CountedTokenSigner:
    """Remembers what it signed; a token is the number of its claims."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._signed: list[Claims] = []

    def sign(self, claims: Claims) -> str:
        """Return the token of some claims."""
        with self._lock:
            self._signed.append(claims)
            return f"token.{len(self._signed) - 1}.signed"

    def verify(self, token: str, *, at: datetime) -> Claims:
        """Return what a token says, or raise ``identity.token_invalid``."""
        number = token.removeprefix("token.").removesuffix(".signed")
        if not number.isdecimal() or token != f"token.{number}.signed":
            raise TokenInvalid
        if int(number) >= len(self._signed):
            raise TokenInvalid
        claims = self._signed[int(number)]
        if at >= claims.expires_at or claims.issued_at > at + CLOCK_SKEW:
            raise TokenInvalid
        return claims


class GlassBox:
    """Hides a secret from a glance only: whoever knows what it is bound to can read it."""

    def seal(self, secret: bytes, bound_to: str) -> bytes:
        """Return it veiled, with the digest of what it is bound to."""
        mark = hashlib.sha256(bound_to.encode()).digest()
        return mark + _veiled(secret, mark)

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """Return what was sealed, or raise ``identity.seal_broken``."""
        mark = hashlib.sha256(bound_to.encode()).digest()
        if sealed[:32] != mark:
            raise SealBroken
        return _veiled(sealed[32:], mark)

    def is_outdated(self, sealed: bytes) -> bool:
        """Tell that there was never another key."""
        del sealed
        return False


class PlainDigests:
    """Digests under a key that everybody knows."""

    def digest(self, purpose: Purpose, data: bytes) -> bytes:
        """Return 32 bytes."""
        return hmac.digest(purpose.encode(), data, "sha256")

    def matches(self, purpose: Purpose, data: bytes, digest: bytes) -> bool:
        """Tell whether these at least 16 bytes begin the digest."""
        known = self.digest(purpose, data)
        return len(digest) >= 16 and hmac.compare_digest(known[: len(digest)], digest)


class CountedCodes:
    """Codes that anybody can guess: digests of 1, 2, 3."""

    def __init__(self) -> None:
        self._count = count(1)

    def secret(self) -> bytes:
        """Return 20 bytes."""
        return self._bytes()[:20]

    def recovery(self) -> bytes:
        """Return 10 bytes."""
        return self._bytes()[:10]

    def digits(self) -> str:
        """Return 8 decimal digits."""
        return str(int.from_bytes(self._bytes()[:8], "big") % 10**8).zfill(8)

    def _bytes(self) -> bytes:
        return hashlib.sha256(f"code {next(self._count)}".encode()).digest()


def _veiled(content: bytes, mark: bytes) -> bytes:
    veil = hashlib.shake_256(mark).digest(len(content))
    return bytes(one ^ other for one, other in zip(content, veil, strict=True))
