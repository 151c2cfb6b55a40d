"""Proof of who somebody is: passwords, signed tokens, sealed secrets, codes, keyed digests."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from kasa.domain.identity.password import PasswordFault
from kasa.domain.identity.token import Claims
from kasa.domain.kernel.errors import Conflict, Unavailable


class HashingBusy(Unavailable):
    """Too many passwords are being looked at; try again in a moment."""

    code = "identity.busy"


class SealBroken(Conflict):
    """What was sealed does not open: it was changed, or sealed for something else."""

    code = "identity.seal_broken"


class PasswordHasher(Protocol):
    """Hashes passwords so that guessing them costs much; never inside a unit of work."""

    def hash(self, password: str) -> str:
        """Return a salted hash that names its own parameters, or raise ``identity.busy``."""

    def verify(self, hashed: str | None, password: str) -> bool:
        """Tell whether it is the password; None costs as much and is never right.

        Raises ``identity.busy``.
        """

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether a hash was made with other parameters than are used today."""


class PasswordBlocklist(Protocol):
    """Knows the passwords that others would try first."""

    def listed(self, word: str) -> PasswordFault | None:
        """Return ``LISTED`` for a frequent password, ``BREACHED`` for one of a breach, or None.

        The word is compared as it is: who asks folds it, and cuts digits and signs off.
        """


class TokenSigner(Protocol):
    """Signs short-lived tokens, and reads its own back."""

    def sign(self, claims: Claims) -> str:
        """Return the token of some claims, signed with the first key."""

    def verify(self, token: str, *, at: datetime) -> Claims:
        """Return what a token says, its kind too, or raise ``identity.token_invalid``.

        Nothing is asked of a store. Algorithm, ``typ``, ``aud``, ``iss`` and every claim of its
        kind must be right; it must be signed by any of the keys, not have expired, and be issued at
        most 60 s ahead of ``at``. Whoever asks looks at the kind.
        """


class SecretBox(Protocol):
    """Seals short secrets for storage."""

    def seal(self, secret: bytes, bound_to: str) -> bytes:
        """Return it sealed by the first key; it opens only with the same ``bound_to``."""

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """Return what was sealed by any of the keys, or raise ``identity.seal_broken``."""

    def is_outdated(self, sealed: bytes) -> bool:
        """Tell whether it was sealed by another key than the first."""


class Purpose(StrEnum):
    """What a digest is for; each purpose has a child key of its own.

    Signatures of tokens and seals are none of them: nobody makes those by a digest.
    """

    CODES = "codes"
    THROTTLES = "throttles"
    CURSORS = "cursors"
    FILE_LINKS = "file_links"
    SHARE_LINKS = "share_links"
    SOURCES = "sources"
    INVITATIONS = "invitations"


class KeyedDigests(Protocol):
    """Digests that nobody makes without the key of their purpose."""

    def digest(self, purpose: Purpose, data: bytes) -> bytes:
        """Return 32 bytes under the first key."""

    def matches(self, purpose: Purpose, data: bytes, digest: bytes) -> bool:
        """Tell whether these at least 16 bytes begin the digest under any key; constant time."""


class OneTimeCodes(Protocol):
    """Random material of codes; what becomes of it is decided in the domain."""

    def secret(self) -> bytes:
        """Return 20 unguessable bytes: the secret of a second factor."""

    def recovery(self) -> bytes:
        """Return 10 unguessable bytes: one recovery code."""

    def digits(self) -> str:
        """Return 8 unguessable decimal digits: the code beside a link."""
