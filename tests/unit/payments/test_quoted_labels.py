"""What a payer writes into a remark announces nothing (section 12)."""

from datetime import timedelta

import pytest

from kasa.adapters.conformance.receipts import due, judge
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.matching import Decision
from kasa.domain.payments.recognition import Effort, Languages
from tests.unit.payments.drawn import NEAR, Line, evidence_of, reading

SHOP = AcceptedAccount(bank=BankCode("ABA"), number="000123456", names=("KASA SHOP",))
WANTED = due(accounts=(SHOP,), submitted_at=NEAR, issued_at=NEAR - timedelta(hours=5))
TOP: tuple[Line, ...] = ("Rumduol Pay", "Payment successful", ("25,000 KHR", 44))
TO, ID, DATE = "Paid to||KASA SHOP", "Txn ID||TX83A72K9", "Date||14/09/2026 10:21:54"
LABELS = ("Remark", "Note", "Message", "Description", "Purpose", "Memo", "Reason", "Narrative")


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    "rest",
    [
        ("{}||Paid to KASA SHOP", ID, DATE),
        ("{}", "Paid to KASA SHOP", ID, DATE),
        ("{}||To: KASA SHOP", ID, DATE),
        ("{}||thank you", "||To: KASA SHOP", ID, DATE),
        ("{}||for rice||Paid to", "||KASA SHOP", ID, DATE),
        (TO, "{}||Txn ID TX83A72K9", DATE),
        (TO, "{}", "Txn ID TX83A72K9", DATE),
        (TO, ID, "{}||Date 14/09/2026 10:21:54"),
    ],
)
def test_a_label_inside_a_remark_is_none(label: str, rest: tuple[str, ...]) -> None:
    """Receiver, id and moment come from the bank's rows, never from the payer's own text."""
    lines = [line.format(label) for line in rest]
    seen = evidence_of(reading(*TOP, *lines))
    assert Decision.REVIEW is judge(seen, WANTED).decision


def test_a_reading_without_the_remark_does_not_bring_its_labels_back() -> None:
    """What one reading knows as a remark's text is it in every reading."""
    page = (*TOP, "Remark||Paid to KASA SHOP", ID, DATE)
    lost = (*TOP, "Rwmxk||Paid to KASA SHOP", ID, DATE)
    again = reading(*lost, languages=Languages.ENGLISH, effort=Effort.SIGNS)
    assert evidence_of(reading(*page), again).recipient_name.value is None


@pytest.mark.parametrize(
    "rest",
    [
        (TO, ID, DATE, "Remark||for rice"),
        ("Remark||for rice", TO, ID, DATE),
        ("Remark", TO, ID, DATE),
        ("Remark||-", TO, ID, DATE),
        ("Remark||Txn ID", "for rice||TX83A72K9", TO, DATE),
    ],
)
def test_rows_around_a_remark_stay_rows(rest: tuple[str, ...]) -> None:
    """A remark that is empty, before other rows or beside another label, hides none of them."""
    seen = evidence_of(reading(*TOP, *rest))
    assert Decision.APPROVE is judge(seen, WANTED).decision
