"""What the answers of the bank mean, as a pure function."""

from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import aba_success, acleda
from kasa.adapters.conformance.strategies_payments import OWN_CODE, PAID_AT, evidence, read
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.alerts.hearing import UNASKED, BankWord, found_evidence, heard
from kasa.domain.payments.asking import (
    OwnCode,
    PastQuestion,
    Question,
    code_question,
)
from kasa.domain.payments.bank_reply import (
    BankReply,
    CannotTell,
    CannotTellKind,
    Failed,
    Found,
    NotFound,
    QuestionKind,
    reply_word,
)
from kasa.domain.payments.case import BankAnswer
from kasa.domain.payments.evidence import PaymentEvidence, Precision, Source

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


def word(
    question: Question,
    reply: BankReply,
    seen: PaymentEvidence = CLAIM,
    *past: PastQuestion,
    at: datetime = PAID_AT + MINUTE,
) -> BankWord:
    """Return what one answer means."""
    return heard([(question, reply)], seen, past, at=at)


def test_nothing_asked_is_nothing_said() -> None:
    """Without a question there is no answer and no next moment."""
    assert UNASKED == heard([], CLAIM, at=PAID_AT)


MEANINGS: dict[str, tuple[Question, BankReply, timedelta, BankAnswer]] = {
    "code found": (BY_CODE, TRANSFER, MINUTE, BankAnswer.FOUND),
    "code not there yet": (BY_CODE, NotFound(), 11 * MINUTE, BankAnswer.DUE),
    "code not there at its end": (BY_CODE, NotFound(), 12 * MINUTE, BankAnswer.CANNOT_TELL),
    "code never there": (BY_CODE, NotFound(), 30 * HOUR, BankAnswer.CANNOT_TELL),
    "code failed": (BY_CODE, Failed(), MINUTE, BankAnswer.FAILED),
    "hash found": (BY_HASH, TRANSFER, MINUTE, BankAnswer.FOUND),
    "hash failed": (BY_HASH, Failed(), MINUTE, BankAnswer.FAILED),
    "hash young": (BY_HASH, NotFound(), 14 * MINUTE, BankAnswer.DUE),
    "hash older": (BY_HASH, NotFound(), 15 * MINUTE, BankAnswer.CANNOT_TELL),
    "hash never there": (BY_HASH, NotFound(), 30 * HOUR, BankAnswer.NOT_FOUND),
    "outage": (BY_HASH, lack(CannotTellKind.OUTAGE), MINUTE, BankAnswer.DUE),
    "throttled": (BY_CODE, lack(CannotTellKind.THROTTLED), MINUTE, BankAnswer.DUE),
    "outage at the end": (
        BY_HASH,
        lack(CannotTellKind.OUTAGE),
        30 * HOUR,
        BankAnswer.CANNOT_TELL,
    ),
    "country": (BY_CODE, lack(CannotTellKind.COUNTRY), MINUTE, BankAnswer.CANNOT_TELL),
    "token": (BY_CODE, lack(CannotTellKind.TOKEN), MINUTE, BankAnswer.CANNOT_TELL),
    "request": (BY_HASH, lack(CannotTellKind.REQUEST), MINUTE, BankAnswer.CANNOT_TELL),
    "static code": (BY_CODE, lack(CannotTellKind.STATIC_CODE), MINUTE, BankAnswer.CANNOT_TELL),
    "not asked": (BY_CODE, lack(CannotTellKind.NOT_ASKED), MINUTE, BankAnswer.NOT_ASKED),
    "code of another amount": (
        BY_CODE,
        lack(CannotTellKind.DISAGREES),
        MINUTE,
        BankAnswer.CANNOT_TELL,
    ),
    "hash of another amount": (
        BY_HASH,
        lack(CannotTellKind.DISAGREES),
        MINUTE,
        BankAnswer.NOT_FOUND,
    ),
}


@pytest.mark.parametrize("name", MEANINGS)
def test_what_an_answer_means(name: str) -> None:
    """Each answer at its time; what is due always has its next moment."""
    question, reply, age, meaning = MEANINGS[name]
    seen = CLAIM if question is BY_CODE else acleda()
    said = word(question, reply, seen, at=PAID_AT + age)
    assert meaning is said.answer
    assert (said.answer is not BankAnswer.DUE) or said.try_again_at is not None


def test_an_outage_counts_from_its_first_question() -> None:
    """After 15 minutes without an answer the other evidence decides; questions go on."""
    ages = (1, 5, 10)
    past = [
        PastQuestion(
            kind=BY_HASH.kind,
            value=BY_HASH.value,
            asked_at=PAID_AT + age * MINUTE,
            answer=answer,
        )
        for age, answer in zip(ages, ("outage", "", "throttled"), strict=True)
    ]
    lasting = lack(CannotTellKind.OUTAGE)
    for at, meaning in ((15, BankAnswer.DUE), (16, BankAnswer.CANNOT_TELL)):
        said = word(BY_HASH, lasting, acleda(), *past, at=PAID_AT + at * MINUTE)
        assert meaning is said.answer
        assert said.try_again_at is not None
    past[1] = attrs.evolve(past[1], answer="not_found")
    said = word(BY_HASH, lasting, acleda(), *past, at=PAID_AT + 16 * MINUTE)
    assert BankAnswer.DUE is said.answer


def test_the_bank_says_how_long_to_wait() -> None:
    """No question is asked before the bank wants it."""
    at = PAID_AT + MINUTE
    said = word(BY_CODE, lack(CannotTellKind.THROTTLED, 300), at=at)
    assert at + 300 * SECOND == said.try_again_at
    said = word(BY_CODE, lack(CannotTellKind.COUNTRY, 3_600), at=at)
    assert at + 3_600 * SECOND == said.try_again_at


@pytest.mark.parametrize("kind", [kind for kind in CannotTellKind if kind.ends])
def test_some_lacks_end_the_questions(kind: CannotTellKind) -> None:
    """Nothing is asked again before somebody mended it; only they are told who can."""
    said = word(BY_CODE, lack(kind))
    assert said.try_again_at is None
    assert ((kind,) if kind.alarms else ()) == said.alarms


def test_the_strongest_answer_counts() -> None:
    """Found before failed, before due, before not found, before a lack."""
    at = PAID_AT + MINUTE
    both = heard([(BY_HASH, NotFound()), (BY_CODE, TRANSFER)], CLAIM, at=at)
    assert (BankAnswer.FOUND, None) == (both.answer, both.try_again_at)
    both = heard([(BY_HASH, Failed()), (BY_CODE, NotFound())], acleda(), at=at)
    assert BankAnswer.FAILED is both.answer
    both = heard([(BY_HASH, lack(CannotTellKind.TOKEN)), (BY_CODE, NotFound())], CLAIM, at=at)
    assert BankAnswer.DUE is both.answer


def test_a_code_proves_more_than_a_hash() -> None:
    """An own code names itself; a hash is another source and names no receiver."""
    own, short = found_evidence(BY_CODE, TRANSFER), found_evidence(BY_HASH, TRANSFER)
    assert (Source.BANK_API, OWN_CODE) == (own.source, own.own_code)
    assert (Source.SHORT_HASH, None) == (short.source, short.own_code)
    for found in (own, short):
        assert (MONEY, PAID_AT, Precision.SECOND) == (
            found.amount.value,
            found.paid_at.value,
            found.precision,
        )
        assert HASH == found.references["bakong.hash"].value
        assert not found.recipient_account.is_read


@pytest.mark.parametrize(
    ("seen", "ours"),
    [
        (aba_success(), True),
        (aba_success(amount=read(Money(25_001, KHR))), False),
        (aba_success(paid_at=read(PAID_AT + 11 * MINUTE)), False),
        (aba_success(paid_at=read(PAID_AT + HOUR), precision=Precision.DAY), True),
        (aba_success(references={"bakong.hash8": read(HASH[:8])}), True),
        (aba_success(references={"bakong.hash8": read("00000000")}), False),
        (aba_success(references={"bakong.hash": read("0" * 64)}), False),
    ],
)
def test_a_code_proves_only_its_own_transfer(seen: PaymentEvidence, *, ours: bool) -> None:
    """Another amount, hour or hash on the receipt is another transfer."""
    said = word(BY_CODE, TRANSFER, seen)
    expected = BankAnswer.FOUND if ours else BankAnswer.CANNOT_TELL
    assert (expected, ours) == (said.answer, bool(said.evidence))


def test_a_failed_code_says_nothing_of_a_receipt() -> None:
    """Whoever failed with the code may have paid otherwise, and shows it."""
    assert BankAnswer.CANNOT_TELL is word(BY_CODE, Failed(), aba_success()).answer


def test_answers_are_written_down_in_words() -> None:
    """Every answer has its word of at most 20 letters."""
    replies: list[BankReply] = [
        TRANSFER,
        NotFound(),
        Failed(),
        *(lack(kind) for kind in CannotTellKind),
    ]
    words = [reply_word(reply) for reply in replies]
    assert len(set(words)) == len(replies)
    assert all(1 <= len(one) <= 20 for one in words)


@given(seen=evidence(), minutes=st.integers(0, 3_000), kind=st.sampled_from(CannotTellKind))
def test_a_due_answer_is_always_asked_for_again(
    seen: PaymentEvidence, minutes: int, kind: CannotTellKind
) -> None:
    """Whatever the receipt and the hour: no waiting without a moment, no moment in the past."""
    at = PAID_AT + minutes * MINUTE
    for reply in (TRANSFER, NotFound(), Failed(), lack(kind)):
        for question in (BY_CODE, BY_HASH):
            said = word(question, reply, seen, at=at)
            assert said.try_again_at is None or said.try_again_at > at
