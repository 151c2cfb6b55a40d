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


@pytest.mark.parametrize(
    "rest",
    [
        ("From||Paid to KASA SHOP", ID, DATE),
        ("Sender name||Merchant KASA SHOP", ID, DATE),
        ("From", "To KASA SHOP", ID, DATE),
        ("From||IPSUM", "||To KASA SHOP", ID, DATE),
        ("Paid to||Shop KASA SHOP", ID, DATE),
        ("To||To KASA SHOP", ID, DATE),
        (TO, "From||Txn ID TX83A72K9", DATE),
        (TO, "Nickname||Txn ID TX83A72K9", DATE),
        (ID, "Nickname||Paid to KASA SHOP", DATE),
    ],
)
def test_a_label_inside_a_name_is_none(rest: tuple[str, ...]) -> None:
    """People name themselves as they like, and not every row's label is known."""
    seen = evidence_of(reading(*TOP, *rest))
    assert Decision.REVIEW is judge(seen, WANTED).decision


def test_a_success_word_behind_an_unknown_label_is_none() -> None:
    """What stands beside a text that nobody knows is that row's value, not the status."""
    rest = (TO, "Nickname||Payment successful", ID, DATE)
    seen = evidence_of(reading("Rumduol Pay", ("25,000 KHR", 44), *rest))
    assert Decision.REVIEW is judge(seen, WANTED).decision


def test_columns_of_sides_stay_columns() -> None:
    """Payer and payee side by side, each below its own label, are both read."""
    rest = (ID, DATE, "From||Paid to", "IPSUM SOKHANA||KASA SHOP")
    seen = evidence_of(reading(*TOP, *rest))
    assert ("IPSUM SOKHANA", "KASA SHOP") == (seen.payer_name.value, seen.recipient_name.value)
    assert Decision.APPROVE is judge(seen, WANTED).decision
