"""What an unknown bank's receipt prints of other receivers outweighs a name of ours (section 4)."""

from datetime import timedelta

import pytest

from kasa.adapters.conformance.receipts import due, judge
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.matching import Decision
from tests.unit.payments.drawn import NEAR, Line, evidence_of, reading

SHOP = AcceptedAccount(bank=BankCode("ABA"), number="000123456", names=("KASA SHOP",))
WANTED = due(accounts=(SHOP,), submitted_at=NEAR, issued_at=NEAR - timedelta(hours=5))
TOP: tuple[Line, ...] = ("Rumduol Pay", "Payment successful")
PAID: tuple[Line, ...] = (("25.000,00 KHR", 44), "Paid to||KASA SHOP")
REST: tuple[Line, ...] = (
    "Txn ID||TX83A72K9",
    "Date and time||14/09/2026 10:21:54",
    "Service fee||0,00 KHR",
)
OTHERS = (
    (*TOP, *PAID, "Crediting wallet||999 888 777", *REST),
    (*TOP, *PAID, "Crediting wallet||9998887776665", *REST),
    (*TOP, *PAID, "Crediting wallet||0099 9888 7776 6655", *REST),
    (*TOP, *PAID, "Crediting wallet: 999 888 777", *REST),
    (*TOP, "999 888 777", *PAID, *REST),
    (*TOP, *PAID, *REST, "Crediting wallet||999 888 777"),
    (*TOP, *PAID, "Beneficiary||IPSUM SOKHANA", *REST),
)


@pytest.mark.parametrize("lines", OTHERS)
def test_another_receiver_anywhere_goes_to_a_person(lines: tuple[Line, ...]) -> None:
    """An account or a name of somebody else, labelled or not, forbids approval by name alone."""
    assert Decision.REVIEW is judge(evidence_of(reading(*lines)), WANTED).decision


def test_our_own_receipt_of_an_unknown_bank_is_approved() -> None:
    """Without another receiver the same receipt is approved, with and without our account."""
    for account in ((), ("Crediting wallet||000 123 456",)):
        seen = evidence_of(reading(*TOP, *PAID, *account, *REST))
        assert Decision.APPROVE is judge(seen, WANTED).decision
