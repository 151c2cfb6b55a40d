"""Payment evidence and what is expected, for property tests; every name in it is invented."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_kernel import moments
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import KHR, USD, Currency, Money
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.case import BankAnswer
from kasa.domain.payments.events import BankAskDue, CodeAskDue, CustomerAsked
from kasa.domain.payments.evidence import (
    ABSENT,
    UNREADABLE,
    Direction,
    FieldReading,
    FieldState,
    Outcome,
    PaymentEvidence,
    Precision,
    ReceiptKind,
    Source,
)
from kasa.domain.payments.expected_payment import ExpectedPayment, MatchPolicy, PayerHint
from kasa.domain.payments.matching import MatchInputs
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import UsedReferences

ValueT = TypeVar("ValueT")

PAID_AT = datetime(2026, 9, 14, 3, 21, tzinfo=UTC)
"""The moment around which payments are drawn: 10:21 in Phnom Penh, day 257 of the year."""

OWN_CODE = "e0972f783fff61cb319546fd685ee7f9"
NAMES = ("TESTA S. & MOCKA R.", "TESTA SOPHEAKRA AND MOCKA RITHYNA")
SHOP = AcceptedAccount(bank=BankCode("ABA"), number="010959385", names=NAMES)
AMOUNTS = (
    *(Money(minor, KHR) for minor in (25_000, 25_001, 250_004, 2_500)),
    Money(625, USD),
    Money(25_000, USD),
)
RECIPIENTS = (*NAMES, "TESTA", "TESTA SOPH", "IPSUM SOKHANA", "TE5TA S. AND MOCKA R.", "សុខ ដារ៉ា")
ACCOUNTS = ("010 959 385", "010 959 386", "*** 385", "010 *** 385", "092 375 070", "38")
REFERENCES: Mapping[str, tuple[str, ...]] = {
    "aba.trx": ("48010202442", "48010202443"),
    "aba.ft": ("100FT48010202442",),
    "acleda.ref": ("62570012345", "62000012345"),
    "payway.trx": ("178932486000001",),
    "ppc.trx": ("123456789",),
    "bakong.hash8": ("0a1b2c3d", "0A1B2C3D"),
    "generic.ref": ("A1B2C3D4", "NODIGITS"),
}
MOMENTS = tuple(PAID_AT + timedelta(hours=hours) for hours in (0, -23, -49, 30, 24 * 9))


def read(value: ValueT, **facts: Any) -> FieldReading[ValueT]:
    """Return a field that was read once, beside its label."""
    return FieldReading(
        state=FieldState.READ, value=value, **{"seen": 1, "engines": 1, "labelled": True, **facts}
    )


def fields(values: st.SearchStrategy[ValueT]) -> st.SearchStrategy[FieldReading[ValueT]]:
    """Draw a field in each of its states."""
    contested = st.lists(values, min_size=1, max_size=3).map(
        lambda found: FieldReading(state=FieldState.CONTESTED, candidates=tuple(found))
    )
    known = st.builds(
        read,
        values,
        engines=st.integers(1, 2),
        seen=st.integers(1, 2),
        labelled=st.booleans(),
        cut=st.booleans(),
    )
    return st.one_of(known, known, known, st.just(ABSENT), st.just(UNREADABLE), contested)


@st.composite
def references(draw: st.DrawFn) -> dict[str, FieldReading[str]]:
    """Draw references of up to three schemes."""
    schemes = draw(st.lists(st.sampled_from(sorted(REFERENCES)), unique=True, max_size=3))
    return {scheme: draw(fields(st.sampled_from(REFERENCES[scheme]))) for scheme in sorted(schemes)}


def amounts() -> st.SearchStrategy[Money]:
    """Draw amounts that are exactly due, a unit off, or in another currency."""
    return st.sampled_from(AMOUNTS)


def evidence(
    sources: st.SearchStrategy[Source] | None = None,
) -> st.SearchStrategy[PaymentEvidence]:
    """Draw what one source says, each field in each of its states."""
    return st.builds(
        PaymentEvidence,
        source=st.sampled_from(Source) if sources is None else sources,
        layout=st.sampled_from(("aba.success", "acleda.receipt", "generic")),
        receipt=fields(st.sampled_from(ReceiptKind)),
        outcome=fields(st.sampled_from(Outcome)),
        direction=fields(st.sampled_from(Direction)),
        amount=fields(amounts()),
        currency=fields(currencies()),
        amount_rows=st.lists(amounts(), max_size=2).map(tuple),
        debited=fields(amounts()),
        fee=fields(st.just(Money(1, KHR))),
        paid_at=fields(st.sampled_from(MOMENTS)),
        precision=st.sampled_from(Precision),
        recipient_name=fields(st.sampled_from(RECIPIENTS)),
        recipient_account=fields(st.sampled_from(ACCOUNTS)),
        recipient_bank=fields(st.sampled_from(("ABA Bank", "ACLEDA Bank Plc.", "No Bank"))),
        payer_name=fields(st.sampled_from(("IPSUM SOKHANA", NAMES[0]))),
        payer_account=fields(st.sampled_from(("000 146 564", "010 959 385"))),
        references=references(),
        remark=fields(st.sampled_from(("INV-2026-000001", "inv 2026 000002", "lunch"))),
        bill_number=fields(st.just("INV-2026-000001")),
        own_code=st.none() | st.just(OWN_CODE),
        labels=st.integers(0, 6),
        success_word=st.booleans(),
    )


def currencies() -> st.SearchStrategy[Currency]:
    """Draw the two currencies that receipts print."""
    return st.sampled_from((KHR, USD))


def policies() -> st.SearchStrategy[MatchPolicy]:
    """Draw a shop's own rules."""
    return st.builds(
        MatchPolicy,
        auto_approve=st.sampled_from((True, True, True, False)),
        threshold=st.integers(80, 100),
        ceilings=st.just(()) | amounts().map(lambda ceiling: (ceiling,)),
        trust_ingest=st.booleans(),
        await_alert=st.none() | st.just(timedelta(minutes=30)),
    )


def expected_payments() -> st.SearchStrategy[ExpectedPayment]:
    """Draw what would settle an invoice of a shop with one account."""
    return st.builds(
        ExpectedPayment,
        submitted_at=st.just(PAID_AT + timedelta(minutes=5)),
        accounts=st.sampled_from(((SHOP,), ())),
        amounts=st.sampled_from(((AMOUNTS[0],), (AMOUNTS[0], AMOUNTS[4]), ())),
        issued_at=st.just(PAID_AT - timedelta(hours=2)),
        number=st.just("INV-2026-000001"),
        own_codes=st.sampled_from((frozenset[str](), frozenset({OWN_CODE}))),
        payer_hints=st.just((PayerHint(name="IPSUM SOKHANA", account_tail="564"),)),
        other_open=st.just(("INV-2026-000002",)),
        policy=policies(),
        answered=st.booleans(),
        candidate=st.booleans(),
    )


def match_inputs() -> st.SearchStrategy[MatchInputs]:
    """Draw everything that a verdict depends on; nothing was used before."""
    suspicions = (Reason.NEAR_DUPLICATE.value, Reason.SAME_TRANSFER.value)
    return st.builds(
        MatchInputs,
        evidence=evidence(),
        expected=st.lists(expected_payments(), min_size=1, max_size=3).map(tuple),
        used=st.builds(
            UsedReferences,
            elsewhere=st.sampled_from((False, False, True)),
            suspicions=st.sets(st.sampled_from(suspicions)).map(lambda some: tuple(sorted(some))),
        ),
        at=st.just(PAID_AT + timedelta(minutes=6)),
        bank=st.sampled_from(BankAnswer),
    )


TYPES: Mapping[Any, st.SearchStrategy[Any]] = {
    PaymentEvidence: evidence(),
    ExpectedPayment: expected_payments(),
    MatchInputs: match_inputs(),
    CustomerAsked: st.builds(
        CustomerAsked,
        subject=st.uuids(),
        invoice=st.none() | st.uuids().map(InvoiceId),
        reasons=st.lists(st.sampled_from([one.value for one in Reason]), max_size=2).map(tuple),
        until=moments(),
    ),
    BankAskDue: st.builds(BankAskDue, subject=st.uuids(), at=moments()),
    CodeAskDue: st.builds(
        CodeAskDue,
        subject=st.uuids(),
        md5=st.text("0123456789abcdef", min_size=32, max_size=32),
        since=moments(),
        at=moments(),
    ),
}
