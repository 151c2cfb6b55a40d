"""Why an invoice was voided or written off."""

from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.text import cleaned

REASON_LENGTHS = (3, 300)


class ReasonInvalid(Invalid):
    """A reason has 3 to 300 characters."""

    code = "invoice.reason"


def checked_reason(reason: str) -> str:
    """Return a reason of 3 to 300 characters, or raise ``invoice.reason``."""
    shortest, longest = REASON_LENGTHS
    clean = cleaned(reason, limit=longest)
    if len(clean) < shortest:
        raise ReasonInvalid
    return clean
