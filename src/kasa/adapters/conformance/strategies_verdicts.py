"""Honest receipts of any invoice, and what confirms them; every name in it is invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_payments import read
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.evidence import (
    Direction,
    Outcome,
    PaymentEvidence,
    Precision,
    ReceiptKind,
    Source,
)
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.matching import MatchInputs

LETTERS = "ABCDEFGHIKLMNOPRSTUVY"
OTHER_NUMBER = "INV-2026-000777"
NEW_YEAR = datetime(2026, 1, 3, tzinfo=UTC)


@attrs.frozen(kw_only=True)
class Honest:
    """An honest receipt and what it was sent for."""

    evidence: PaymentEvidence
    expected: ExpectedPayment

    @property
    def amount(self) -> Money:
        """What is due and was paid."""
        return self.expected.amounts[0]

    def inputs(self, **changes: Any) -> MatchInputs:
        """Return what is judged, a minute after it was sent."""
        at = self.expected.submitted_at + timedelta(minutes=1)
        inputs = MatchInputs(evidence=self.evidence, expected=(self.expected,), at=at)
        return attrs.evolve(inputs, **changes)


def amounts_due() -> st.SearchStrategy[Money]:
    """Draw what an invoice may come to, in riel or dollars."""
    riel = st.integers(100, 10**9).map(lambda minor: Money(minor, KHR))
    return riel | st.integers(1, 10**7).map(lambda minor: Money(minor, USD))


def digits(count: int) -> st.SearchStrategy[str]:
    """Draw that many digits, not beginning with 0."""
    return st.integers(10 ** (count - 1), 10**count - 1).map(str)


def shop_names() -> st.SearchStrategy[str]:
    """Draw a name of two words, long enough to prove a receiver by itself."""
    word = st.text(LETTERS, min_size=4, max_size=9)
    return st.builds("{} {}".format, word, word)


@st.composite
def accepted_accounts(draw: st.DrawFn) -> AcceptedAccount:
    """Draw an account of a shop at ABA or ACLEDA."""
    return AcceptedAccount(
        bank=BankCode(draw(st.sampled_from(["ABA", "ACLEDA"]))),
        number=draw(digits(9)),
        names=(draw(shop_names()),),
    )


@st.composite
def honest(draw: st.DrawFn) -> Honest:
    """Draw an invoice and an honest receipt of it, in the layout of some bank or of none."""
    account, amount = draw(accepted_accounts()), draw(amounts_due())
    paid_at = NEW_YEAR + timedelta(seconds=draw(st.integers(0, 350 * 24 * 3600)))
    expected = ExpectedPayment(
        submitted_at=paid_at + draw(st.timedeltas(timedelta(0), timedelta(days=6))),
        issued_at=paid_at - draw(st.timedeltas(timedelta(hours=-20), timedelta(days=90))),
        accounts=(account,),
        amounts=(amount,),
        number="INV-2026-000123",
        other_open=(OTHER_NUMBER,),
        answered=True,
    )
    layout = draw(st.sampled_from(sorted(LAYOUTS)))
    return Honest(
        evidence=draw(_receipts(layout, account, amount=amount, paid_at=paid_at)), expected=expected
    )


LAYOUTS = {
    "aba.success": "aba.trx",
    "acleda.receipt": "acleda.ref",
    "wing_like": "wing.trx",
    "generic": "generic.ref",
}


@st.composite
def _receipts(
    draw: st.DrawFn, layout: str, account: AcceptedAccount, *, amount: Money, paid_at: datetime
) -> PaymentEvidence:
    receipt = PaymentEvidence(
        source=Source.SCREENSHOT,
        layout=layout,
        receipt=read(ReceiptKind.RECEIPT),
        outcome=read(Outcome.FINAL),
        direction=read(Direction.SENT),
        amount=read(amount),
        currency=read(amount.currency),
        paid_at=read(paid_at),
        precision=draw(st.sampled_from([Precision.SECOND, Precision.MINUTE])),
        recipient_name=read(account.names[0]),
        references={LAYOUTS[layout]: read(draw(_references(layout, paid_at)))},
        labels=draw(st.integers(4, 9)),
        success_word=True,
    )
    if layout == "aba.success":
        return receipt
    bank = {"ABA": "ABA Bank", "ACLEDA": "ACLEDA Bank Plc."}[account.bank]
    return attrs.evolve(
        receipt,
        recipient_account=read(" ".join(account.number[at : at + 3] for at in (0, 3, 6))),
        recipient_bank=read(bank),
    )


def _references(layout: str, paid_at: datetime) -> st.SearchStrategy[str]:
    day = business_date(paid_at, BANK_ZONE)
    of_year = f"{day.timetuple().tm_yday:03d}"
    known = {
        "aba.success": digits(11),
        "acleda.receipt": digits(7).map(lambda rest: f"{day.year % 10}{of_year}{rest}"),
        "wing_like": digits(4).map(lambda rest: f"0002347{day.year % 100}{of_year}{rest}"),
        "generic": digits(10).map(lambda rest: f"T{rest}"),
    }
    return known[layout]


def confirming_alert(one: Honest, *, source: Source = Source.BANK_ALERT) -> PaymentEvidence:
    """Return the bank's own message about an honest receipt, joined to it by its id."""
    screen = one.evidence
    return PaymentEvidence(
        source=source,
        layout="alert.some",
        amount=read(one.amount),
        currency=read(one.amount.currency),
        paid_at=screen.paid_at,
        precision=screen.precision,
        recipient_name=read(one.expected.accounts[0].names[0]),
        payer_name=read("IPSUM SOKHANA"),
        references=dict(screen.references),
    )


def confirming_answer(one: Honest, *, own_code: str | None = None) -> PaymentEvidence:
    """Return the bank's answer: about a short hash, or about a code made for the invoice."""
    return PaymentEvidence(
        source=Source.SHORT_HASH if own_code is None else Source.BANK_API,
        layout="bakong",
        amount=read(one.amount),
        currency=read(one.amount.currency),
        paid_at=one.evidence.paid_at,
        precision=Precision.SECOND,
        references={"bakong.hash": read("ab" * 32)},
        own_code=own_code,
    )
