"""The request that a KHQR code of any writer answers."""

import pytest

from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.khqr import KhqrKind, KhqrRequest, request_of
from kasa.domain.payments.khqr_reading import read_khqr
from kasa.domain.payments.khqr_sentences import SENTENCES
from tests.unit.payments.test_khqr_limits import CREATED, DYNAMIC, MERCHANT, PERSON, Tags, written


def test_the_request_of_a_bare_code() -> None:
    """What a code does not name is empty in its request; other writers' forms are understood."""
    bare = request_of(read_khqr(written({"53": "116", "54": "5000.00"})))
    assert bare == KhqrRequest(
        kind=KhqrKind.INDIVIDUAL,
        account_id="",
        name="",
        city="",
        currency=KHR,
        amount=Money(5000, KHR),
    )
    merchant = request_of(read_khqr(written({**MERCHANT, "53": "840", "54": "7.5"})))
    assert merchant == KhqrRequest(
        kind=KhqrKind.MERCHANT,
        account_id="shop@bank",
        merchant_id="1",
        bank="Bank",
        name="Shop",
        city="City",
        currency=USD,
        amount=Money(750, USD),
    )


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"53": "978"}, "khqr.currency_unsupported"),
        ({"54": "1"}, "khqr.currency_unsupported"),
        ({"53": "116", "54": "5000.50"}, "khqr.amount_invalid"),
        ({"53": "840", "54": "x"}, "khqr.amount_invalid"),
    ],
)
def test_requests_that_cannot_be_read(tags: Tags, code: str) -> None:
    """A currency or an amount that kasa does not know is refused with its code and sentence."""
    with pytest.raises(Invalid) as refused:
        request_of(read_khqr(written(tags)))
    assert refused.value.code == code
    assert refused.value.message in SENTENCES.values()


def test_expiry_counts_in_dynamic_codes_only() -> None:
    """A static code's expiry is nobody's promise; a malformed one is left out."""
    times = {"00": str(CREATED), "01": str(CREATED + 1)}
    assert request_of(read_khqr(written(DYNAMIC))).expires_ms == CREATED + 1
    assert request_of(read_khqr(written({**PERSON, "99": times}))).expires_ms is None
    short = {**DYNAMIC, "99": {"01": "123"}}
    assert request_of(read_khqr(written(short))).expires_ms is None
