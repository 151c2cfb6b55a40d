"""The end of a shop: why it may come before its time, and what may be said of it afterwards."""

from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from kasa.domain.kernel.ids import TenantId

_SPACE = b"kasa.erased:"


class EraseReason(StrEnum):
    """Why a shop is erased without the 30 days; words of a list, since the log names nobody."""

    OWNER = "owner"
    AUTHORITY = "authority"
    FRAUD = "fraud"
    MISTAKE = "mistake"


def erased_mark(tenant: TenantId) -> UUID:
    """Return what stands for an erased shop in the log of the platform.

    Whoever knows the shop's identifier can make the mark and find it; the mark names no shop.
    """
    return UUID(bytes=sha256(_SPACE + tenant.bytes).digest()[:16])
