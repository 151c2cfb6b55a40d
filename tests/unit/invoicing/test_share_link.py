"""Links to invoices: how long they live, and what is kept of their token."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from kasa.domain.invoicing.share_link import (
    LIFE,
    LinkPurpose,
    ShareLink,
    document_expiry,
    token_hash,
)
from kasa.domain.kernel.ids import InvoiceId, ShareLinkId

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LINK = ShareLink(
    id=ShareLinkId(UUID(int=1)),
    invoice=InvoiceId(UUID(int=2)),
    purpose=LinkPurpose.PAGE,
    token_hash=token_hash("t" * 22),
    made_at=AT,
    expires_at=AT + LIFE,
)


def test_a_link_lives_for_90_days() -> None:
    """To the second, and not at its end."""
    assert LINK.is_alive(AT + LIFE - timedelta(seconds=1))
    assert not LINK.is_alive(AT + LIFE)


def test_an_ended_link_is_over_at_once() -> None:
    """Ending it again does not move its end."""
    ended = LINK.ended(AT)
    assert not ended.is_alive(AT)
    assert ended == ended.ended(AT + LIFE)


def test_the_printed_link_lives_until_90_days_after_the_due_date() -> None:
    """To the end of that day in the shop's own zone."""
    ends = document_expiry(date(2026, 11, 9), "Asia/Phnom_Penh")
    assert datetime(2027, 2, 7, 17, 0, tzinfo=UTC) == ends


def test_only_a_digest_of_the_token_is_kept() -> None:
    """64 hexadecimal digits, which do not give the token back."""
    assert 64 == len(LINK.token_hash)
    assert "t" * 22 not in LINK.token_hash
