"""KHQR requests that can be built, for property tests."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.khqr import KhqrKind, KhqrRequest
from kasa.domain.payments.khqr_reading import milliseconds

KHQR_MOMENT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
_LETTERS = st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"], max_codepoint=0xFFFF)


def _texts(largest: int) -> st.SearchStrategy[str]:
    return st.text(_LETTERS, min_size=1, max_size=largest)


def _optional(largest: int) -> st.SearchStrategy[str | None]:
    return st.none() | _texts(largest)


@st.composite
def khqr_requests(draw: st.DrawFn) -> KhqrRequest:
    """Draw a request that can be built at ``KHQR_MOMENT``, static or dynamic."""
    merchant, unit = draw(st.booleans()), draw(st.sampled_from([KHR, USD]))
    minor = draw(st.none() | st.integers(min_value=1, max_value=999_999_999))
    language = draw(st.none() | st.sampled_from(["km", "zh", "🍜"]))
    account = draw(st.text("abcdefghij_0123456789", min_size=1, max_size=12))
    lasts = draw(st.integers(min_value=0, max_value=10**10))
    return KhqrRequest(
        kind=KhqrKind.MERCHANT if merchant else KhqrKind.INDIVIDUAL,
        account_id=f"{account}@aclb",
        account_info=None if merchant else draw(_optional(20)),
        merchant_id=draw(_texts(20)) if merchant else None,
        bank=draw(_texts(20)) if merchant else draw(_optional(20)),
        name=draw(_texts(25)),
        city=draw(_texts(15)),
        currency=unit,
        amount=None if minor is None else Money(minor, unit),
        expires_ms=None if minor is None else milliseconds(KHQR_MOMENT) + lasts,
        category=draw(st.text("0123456789", min_size=1, max_size=4)),
        bill_number=draw(_optional(15)),
        store=draw(_optional(15)),
        terminal=draw(_optional(15)),
        purpose=draw(_optional(15)),
        language=language,
        local_name=None if language is None else draw(_texts(25)),
        local_city=None if language is None else draw(_optional(15)),
        unionpay=draw(_optional(30)) if unit == KHR else None,
    )
