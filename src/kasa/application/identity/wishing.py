"""Whether a password is taken: by its length, by what everybody tries, by what a stranger knows."""

import attrs

from kasa.application.ports.credentials import PasswordBlocklist
from kasa.domain.identity.password import PasswordPolicy
from kasa.domain.identity.user import Email

SITE_WORDS = (
    "kasa",
    "ABA",
    "ACLEDA",
    "Wing",
    "Bakong",
    "Canadia",
    "Sathapana",
    "PPCBank",
    "Vattanac",
    "Chip Mong",
    "Prince Bank",
    "Hattha",
    "KHQR",
)
"""Names of kasa, and of the banks that its shops are paid by."""


@attrs.frozen(kw_only=True)
class Wished:
    """A password that is taken, in the form that is hashed."""

    form: str = attrs.field(repr=False)
    short: bool


@attrs.frozen(kw_only=True, eq=False)
class Wishes:
    """Judges passwords that people choose."""

    blocklist: PasswordBlocklist
    policy: PasswordPolicy = attrs.field(factory=PasswordPolicy)

    def judged(
        self, password: str, *, second_factor: bool, email: Email | None, names: tuple[str, ...]
    ) -> Wished:
        """Return what is hashed, or raise ``identity.password_*`` with the reason."""
        local = email.partition("@")[0] if email else ""
        form = self.policy.demand(
            password,
            second_factor=second_factor,
            listed=self.blocklist.listed,
            site_words=(*SITE_WORDS, *names, local),
        )
        return Wished(form=form, short=len(form) < self.policy.alone)
