"""The receipt of a bank that nobody has described: other words for the same facts."""

import pytest

from kasa.domain.kernel.money import USD, Money
from kasa.domain.payments.evidence import Direction, Outcome, ReceiptKind
from tests.unit.payments.drawn import evidence_of, reading

WORDINGS = (
    ("Total paid", "Pay to", "Receiver account no.", "UTR", "Completed at", "Debited from"),
    ("You sent", "Money sent to", "To A/C", "Txn reference", "Paid at", "Source of funds"),
    (
        "Amount transferred",
        "Beneficiary's name",
        "Credited account",
        "Trace no.",
        "Success time",
        "Payer",
    ),
    ("Net amount", "Store", "Account credited", "Confirmation code", "Transferred on", "Remitter"),
    ("ចំនួន", "បង់ទៅ", "គណនីទទួល", "លេខកូដយោង", "ថ្ងៃផ្ទេរប្រាក់", "ចេញពី"),
    ("ទឹកប្រាក់បង់", "ទៅកាន់", "ទៅគណនីលេខ", "កូដប្រតិបត្តិការ", "ថ្ងៃបង់ប្រាក់", "អ្នកផ្ទេរ"),
)


@pytest.mark.parametrize("words", WORDINGS, ids=[words[0] for words in WORDINGS])
def test_other_words_for_the_same_facts(words: tuple[str, ...]) -> None:
    """Amount, payee, account, id, moment and payer are found behind any of their words."""
    amount, to, account, reference, date, payer = words
    evidence = evidence_of(
        reading(
            "Payment successful",
            f"{amount}||6.25 USD",
            f"{to}||KASA SHOP",
            f"{account}||000 123 456",
            f"{reference}||TR20260914A7",
            f"{date}||14 Sep 2026, 10:21 am",
            f"{payer}||DARA SAMPLE",
        )
    )
    assert Money(625, USD) == evidence.known(evidence.amount)
    assert "KASA SHOP" == evidence.known(evidence.recipient_name)
    assert "000123456" == evidence.known(evidence.recipient_account)
    assert "TR20260914A7" == evidence.known(evidence.references["generic.ref"])
    assert "DARA SAMPLE" == evidence.known(evidence.payer_name)
    assert evidence.paid_at.is_read
    assert ReceiptKind.RECEIPT is evidence.known(evidence.receipt)
    assert Outcome.FINAL is evidence.known(evidence.outcome)
    assert Direction.SENT is evidence.known(evidence.direction)


@pytest.mark.parametrize(
    "label", ["Cashback earned", "Daily limit left", "Discount", "Bank charges", "Account balance"]
)
def test_other_figures_are_no_headline(label: str) -> None:
    """What is earned, left, charged or kept is not what was paid, however large."""
    evidence = evidence_of(
        reading(
            "Transfer successful",
            ("Amount||6.25 USD", 20),
            "To||KASA SHOP",
            "Reference||TR20260914A7",
            (f"{label}||62.50 USD", 26),
        )
    )
    assert evidence.known(evidence.amount) == Money(625, USD)


def test_a_status_is_not_a_label() -> None:
    """A status that begins like a label does not make the amount below it a transaction's id."""
    evidence = evidence_of(
        reading("Transaction successful", ("USD 78.37", 44), "To||KASA SHOP", "Ref||TR2026A714")
    )
    assert Money(7837, USD) == evidence.known(evidence.amount)
