"""What the bank is asked, and when it is asked again, as pure functions."""

from datetime import datetime, timedelta

import attrs
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import acleda
from kasa.adapters.conformance.strategies_payments import OWN_CODE, PAID_AT, read
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.asking import (
    CALLS_OF_INVOICE_LIMIT,
    CALLS_OF_SHOP_LIMIT,
    OwnCode,
    Question,
    code_question,
    next_ask,
    questions_of,
    refused,
)
from kasa.domain.payments.bank_reply import (
    CannotTell,
    CannotTellKind,
    Found,
    QuestionKind,
)
from kasa.domain.payments.evidence import PaymentEvidence, Source
from kasa.domain.payments.expected_payment import BankCheck

HASH = "8465d722d7d5065f2886f0a474a4d34dc6a7855355b611836f7b6111228893e9"
MONEY = Money(25_000, KHR)
TRANSFER = Found(hash=HASH, amount=MONEY, created=PAID_AT)
CLAIM = PaymentEvidence(source=Source.MANUAL, layout="")
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CODE = OwnCode(
    md5=OWN_CODE, money=MONEY, created_at=PAID_AT, expires_at=PAID_AT + timedelta(minutes=10)
)
BY_CODE = code_question(CODE, since=PAID_AT)
BY_HASH = Question(
    kind=QuestionKind.SHORT_HASH, value=HASH[:8], money=MONEY, until=PAID_AT + 15 * MINUTE
)


def lack(kind: CannotTellKind, wait: int = 0) -> CannotTell:
    """Return a lack of an answer."""
    return CannotTell(kind=kind, retry_after=wait)


def test_the_schedule_of_a_code() -> None:
    """2, 4, 8, 16, 32, then every 60 s until 2 min after its end; then 5, 15 min, 1, 6, 24 h."""
    end, at, moments = BY_CODE.until, PAID_AT, list[datetime]()
    assert PAID_AT + 12 * MINUTE == end
    for asked in range(1, 100):
        following = next_ask(asked=asked, until=end, at=at)
        if following is None:
            break
        moments.append(following)
        at = following
    seconds = [int((moment - PAID_AT).total_seconds()) for moment in moments]
    assert [2, 6, 14, 30, 62, 122, 182] == seconds[:7]
    assert 720 in seconds
    late = [int((moment - end).total_seconds()) for moment in moments if moment > end]
    assert [300, 900, 3_600, 21_600, 86_400] == late
    assert len(moments) < CALLS_OF_INVOICE_LIMIT


@given(
    asked=st.integers(0, 10_000),
    until=st.integers(-(10**6), 10**6),
    at=st.integers(-(10**6), 10**6),
)
def test_the_next_question_is_always_later(asked: int, until: int, at: int) -> None:
    """The schedule moves forward and ends a day after its quick part."""
    end, now = PAID_AT + until * SECOND, PAID_AT + at * SECOND
    following = next_ask(asked=asked, until=end, at=now)
    if following is None:
        assert now >= end + 24 * HOUR
    else:
        assert now < following <= max(end + 24 * HOUR, now)
        assert following - now <= 60 * SECOND or now >= end


def test_a_code_is_waited_for_while_somebody_waits() -> None:
    """A printed code lives for weeks; whoever waits does so for minutes, from now on."""
    printed = attrs.evolve(CODE, expires_at=PAID_AT + timedelta(days=40))
    later = PAID_AT + timedelta(days=3)
    assert PAID_AT + 12 * MINUTE == code_question(printed, since=PAID_AT).until
    assert later + 12 * MINUTE == code_question(printed, since=later).until
    assert later == code_question(CODE, since=later).until


def test_what_a_receipt_is_asked_by() -> None:
    """Its hash first, the whole one before the short one; then the two newest codes."""
    codes = [
        attrs.evolve(CODE, md5=f"{number:032x}", created_at=PAID_AT + number * MINUTE)
        for number in range(4)
    ]
    short = read(HASH[:8].upper())
    seen = acleda(references={"bakong.hash8": short, "bakong.hash": read(HASH)})
    asked = questions_of(seen, codes, check=BankCheck.PREFER, submitted_at=PAID_AT)
    assert [HASH, f"{3:032x}", f"{2:032x}"] == [one.value for one in asked]
    seen = acleda(references={"bakong.hash8": short})
    asked = questions_of(seen, (), check=BankCheck.REQUIRE, submitted_at=PAID_AT)
    assert [(QuestionKind.SHORT_HASH, HASH[:8], MONEY)] == [
        (one.kind, one.value, one.money) for one in asked
    ]
    assert () == questions_of(seen, codes, check=BankCheck.OFF, submitted_at=PAID_AT)
    unread = attrs.evolve(seen, amount=CLAIM.amount)
    assert () == questions_of(unread, (), check=BankCheck.PREFER, submitted_at=PAID_AT)
    wrong = acleda(references={"bakong.hash8": read("8465d72z")})
    assert () == questions_of(wrong, (), check=BankCheck.PREFER, submitted_at=PAID_AT)


def test_the_budget() -> None:
    """60 questions for one invoice, then none; one a second for a shop, then a second later."""
    assert (60, 5) == (CALLS_OF_INVOICE_LIMIT, CALLS_OF_SHOP_LIMIT)
    last = CALLS_OF_INVOICE_LIMIT - 1
    assert refused(by_shop=CALLS_OF_SHOP_LIMIT - 1, for_invoice=last) is None
    spent = refused(by_shop=0, for_invoice=CALLS_OF_INVOICE_LIMIT)
    assert spent == lack(CannotTellKind.NOT_ASKED)
    fast = refused(by_shop=CALLS_OF_SHOP_LIMIT, for_invoice=0)
    assert fast == lack(CannotTellKind.THROTTLED, 1)
