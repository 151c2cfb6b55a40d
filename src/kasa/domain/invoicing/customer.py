"""Who buys: the record of a customer of the shop."""

import re
from datetime import datetime

import attrs

from kasa.domain.kernel.errors import Conflict, Invalid, VersionStale
from kasa.domain.kernel.foreign import NO_METADATA, Metadata, reference
from kasa.domain.kernel.ids import CustomerId
from kasa.domain.kernel.text import Name, Phone, cleaned, key

ADDRESS_LIMIT = 500
TIN_LIMIT = 40
EMAIL_LIMIT = 254
LANGUAGES = ("km", "en", "km_en")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+\Z")
_COUNTRY = re.compile(r"[A-Z]{2}\Z")


class PhoneTaken(Conflict):
    """Another customer has this phone number."""

    code = "customer.phone_taken"


class EmailInvalid(Invalid):
    """This is not an e-mail address."""

    code = "customer.email"


class CustomerFieldInvalid(Invalid):
    """A country is a code of two letters; a language is km, en or km_en."""

    code = "customer.field"


class CustomerArchived(Conflict):
    """The customer is archived; restore the record first."""

    code = "customer.archived"


@attrs.frozen(kw_only=True)
class CustomerDetails:
    """What is known of a customer; only the name is needed."""

    name: Name
    name_km: str = ""
    phone: Phone | None = None
    email: str = ""
    address: str = ""
    tin: str = ""
    country: str = "KH"
    language: str = "km_en"
    external_ref: str | None = attrs.field(default=None, converter=reference)
    metadata: Metadata = NO_METADATA

    def __attrs_post_init__(self) -> None:
        cleaned(self.name_km, limit=200)
        cleaned(self.address, limit=ADDRESS_LIMIT, lines=True)
        cleaned(self.tin, limit=TIN_LIMIT)
        if self.email and (len(self.email) > EMAIL_LIMIT or not _EMAIL.match(self.email)):
            raise EmailInvalid
        if not _COUNTRY.match(self.country) or self.language not in LANGUAGES:
            raise CustomerFieldInvalid


@attrs.frozen(kw_only=True)
class Customer:
    """A customer of the shop; an archived one is kept and takes no new invoice."""

    id: CustomerId
    details: CustomerDetails
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
    version: int = 1

    @property
    def name(self) -> Name:
        """The name that lists show."""
        return self.details.name

    @property
    def name_key(self) -> str:
        """The form under which the name is sorted and looked up."""
        return key(self.details.name)

    def edited(self, details: CustomerDetails, *, version: int, at: datetime) -> "Customer":
        """Return it with other details, or raise ``version.stale``."""
        self._seen(version)
        return attrs.evolve(self, details=details, version=self.version + 1, updated_at=at)

    def archived(self, *, version: int, at: datetime) -> "Customer":
        """Return it archived; it no longer counts against the limit of customers."""
        self._seen(version)
        return attrs.evolve(
            self,
            archived_at=self.archived_at or at,
            version=self.version + 1,
            updated_at=at,
        )

    def restored(self, *, version: int, at: datetime) -> "Customer":
        """Return it in use again."""
        self._seen(version)
        return attrs.evolve(self, archived_at=None, version=self.version + 1, updated_at=at)

    def usable(self) -> "Customer":
        """Return it when it may stand on a new invoice, or raise ``customer.archived``."""
        if self.archived_at is not None:
            raise CustomerArchived
        return self

    def _seen(self, version: int) -> None:
        if version != self.version:
            raise VersionStale(current_version=self.version)
