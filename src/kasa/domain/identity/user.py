"""A person: how they are written to, what proves who they are, and in which shops they are."""

import re
import unicodedata
from datetime import datetime
from typing import NewType

import attrs

from kasa.domain.identity.access import Role
from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.ids import IdentityId, MembershipId, UserId
from kasa.domain.kernel.text import Name, TextNotAllowed, TextTooLong, cleaned

Email = NewType("Email", str)
"""An address as it was typed, in NFC."""

EmailKey = NewType("EmailKey", str)
"""The form under which an address is looked up."""

EMAIL_LIMIT = 254
LOCAL_LIMIT = 64
LANGUAGES = ("en", "km")
_EMAIL = re.compile(
    r"[^\s@\x00-\x20\x7f<>(),;:\"\[\]\\]+@(?:[^\s@.\x00-\x2c\x2f\x3a-\x40\x7f]+\.)+"
    r"[^\s@.\x00-\x2c\x2f\x3a-\x40\x7f]{2,}\Z"
)


class EmailMalformed(Invalid):
    """This is not an e-mail address."""

    code = "identity.email"


class EmailTaken(Conflict):
    """Somebody has an account with this e-mail address already."""

    code = "identity.email_taken"


class MemberAlready(Conflict):
    """This person is a member of the shop already."""

    code = "identity.member_already"


class LastMethod(Conflict):
    """This is the last way to sign in; add another one first."""

    code = "identity.last_method"


class NewPasswordNeeded(Conflict):
    """The password is too short to stand alone; choose a longer one first."""

    code = "identity.new_password_needed"


class LanguageUnknown(Invalid):
    """kasa speaks English (en) and Khmer (km)."""

    code = "identity.language"


def email(text: str) -> Email:
    """Return an address trimmed and in NFC, or raise ``identity.email``; whose it is, is unknown.

    Only its shape is looked at (RFC 5321, 4.5.3.1: at most 254 characters, 64 before the @).
    """
    try:
        clean = cleaned(text, limit=EMAIL_LIMIT)
    except (TextNotAllowed, TextTooLong) as error:
        raise EmailMalformed from error
    local = clean.partition("@")[0]
    if len(local) > LOCAL_LIMIT or not _EMAIL.match(clean):
        raise EmailMalformed
    return Email(clean)


def email_key(address: Email) -> EmailKey:
    """Return the form under which an address is looked up: NFKC, casefolded."""
    return EmailKey(
        unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address).casefold())
    )


def language(text: str) -> str:
    """Return a language of kasa, or raise ``identity.language``."""
    if text not in LANGUAGES:
        raise LanguageUnknown(known=LANGUAGES)
    return text


@attrs.frozen(kw_only=True)
class User:
    """A person; whoever is in no shop may still sign in.

    ``password_hash`` names its own parameters; ``short_password`` tells that it may not stand
    alone. ``password_off_at`` says since when it opens nothing to an unknown browser.
    ``totp_sealed`` is the secret of the second factor, ``totp_pending`` one that was not confirmed
    yet; ``totp_step`` is the last step whose code was taken. ``recovery_hashes`` are the codes that
    are left. ``version`` rises with every change that is saved.
    """

    id: UserId
    email: Email | None = None
    name: Name
    language: str = "en"
    password_hash: str | None = attrs.field(default=None, repr=False)
    short_password: bool = False
    password_off_at: datetime | None = None
    totp_sealed: bytes | None = attrs.field(default=None, repr=False)
    totp_pending: bytes | None = attrs.field(default=None, repr=False)
    totp_step: int = -1
    recovery_hashes: tuple[bytes, ...] = attrs.field(default=(), repr=False)
    operator: bool = False
    created_at: datetime
    disabled_at: datetime | None = None
    version: int = 1

    @property
    def has_second_factor(self) -> bool:
        """Whether a code is asked for beside whatever proves who they are."""
        return self.totp_sealed is not None

    @property
    def is_enabled(self) -> bool:
        """Whether they may sign in at all."""
        return self.disabled_at is None

    def with_password(self, password_hash: str, *, short: bool) -> "User":
        """Return them with another password, which opens the account again."""
        return attrs.evolve(
            self, password_hash=password_hash, short_password=short, password_off_at=None
        )

    def rehashed(self, password_hash: str) -> "User":
        """Return them with the same password hashed anew."""
        return attrs.evolve(self, password_hash=password_hash)

    def asking_factor(self, sealed: bytes) -> "User":
        """Return them with a second factor that is not confirmed yet."""
        return attrs.evolve(self, totp_pending=sealed)

    def with_factor(self, *, step: int, recovery: tuple[bytes, ...]) -> "User":
        """Return them with the factor that was asked for, its first code taken."""
        return attrs.evolve(
            self,
            totp_sealed=self.totp_pending,
            totp_pending=None,
            totp_step=step,
            recovery_hashes=recovery,
        )

    def without_factor(self) -> "User":
        """Return them without second factor, or raise ``identity.new_password_needed``."""
        if self.short_password:
            raise NewPasswordNeeded
        return attrs.evolve(
            self, totp_sealed=None, totp_pending=None, totp_step=-1, recovery_hashes=()
        )

    def disabled(self, *, at: datetime) -> "User":
        """Return them unable to sign in; what they did stays."""
        return attrs.evolve(self, disabled_at=self.disabled_at or at)

    def enabled(self) -> "User":
        """Return them able to sign in again."""
        return attrs.evolve(self, disabled_at=None)


@attrs.frozen(kw_only=True)
class LinkedIdentity:
    """Another way to sign in: an account elsewhere, known by provider and subject alone."""

    id: IdentityId
    user: UserId
    provider: str
    subject: str
    linked_at: datetime


@attrs.frozen(kw_only=True)
class Membership:
    """That a person works in a shop, and as what; ``version`` rises when the role changes."""

    id: MembershipId
    user: UserId
    role: Role
    joined_at: datetime
    version: int = 1

    def with_role(self, role: Role) -> "Membership":
        """Return it with another role; tokens of the old one open nothing any more."""
        if role is self.role:
            return self
        return attrs.evolve(self, role=role, version=self.version + 1)
