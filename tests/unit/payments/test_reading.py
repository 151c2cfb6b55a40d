"""From recognised text to evidence: layouts, headline, who is believed (section 12)."""

import pytest

from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.evidence import Direction, FieldState, Outcome, ReceiptKind
from kasa.domain.payments.recognition import (
    Effort,
    Languages,
)
from tests.unit.payments.drawn import Line, evidence_of, reading

ABA_CARD: tuple[Line, ...] = (
    ("-25,000 KHR", 40),
    ("KASA SHOP", 24),
    "Trx. ID:||48010202442",
    "From account:||DARA VEASNA (000 146 564)",
    "Original amount:||6.25 USD",
    "Reference #:||100FT37181496550",
    "To account:||000 123 456",
    "Transaction date:||Sep 14, 2026 10:21 AM",
    "ABA BANK",
)
UNKNOWN: tuple[Line, ...] = (
    "Rumduol Pay",
    "Payment successful",
    ("25.000,00 KHR", 44),
    "Paid to||KASA SHOP",
    "Receiver account||000 123 456",
    "Txn ID||TX83A72K9",
    "Date and time||14/09/2026 10:21:54",
    "Service fee||0,00 KHR",
)


def test_a_card_of_a_known_bank() -> None:
    """Every row of a known card becomes its field."""
    seen = evidence_of(reading(*ABA_CARD))
    assert seen.layout == "aba.card"
    assert Money(25_000, KHR) == seen.amount.value
    assert Money(625, USD) == seen.debited.value
    assert seen.recipient_name.value == "KASA SHOP"
    assert seen.recipient_account.value == "000123456"
    assert seen.payer_account.value == "000146564"
    assert seen.references["aba.trx"].value == "48010202442"
    assert seen.references["aba.ft"].value == "100FT37181496550"
    assert Outcome.FINAL is seen.outcome.value
    assert Direction.SENT is seen.direction.value
    assert seen.paid_at.value is not None
    assert seen.paid_at.value.isoformat() == "2026-09-14T03:21:00+00:00"


def test_a_bank_nobody_described() -> None:
    """General labels, a success word and European separators do for an unknown bank."""
    seen = evidence_of(reading(*UNKNOWN))
    assert seen.layout == "generic"
    assert ReceiptKind.RECEIPT is seen.receipt.value
    assert Money(25_000, KHR) == seen.amount.value
    assert seen.recipient_name.value == "KASA SHOP"
    assert seen.recipient_account.value == "000123456"
    assert seen.references["generic.ref"].value == "TX83A72K9"
    assert Outcome.FINAL is seen.outcome.value


def test_labels_above_their_values() -> None:
    """A label may stand over its value, and a value may go on below."""
    seen = evidence_of(
        reading(
            "Completed",
            ("$5.25", 44),
            "Transaction ID",
            "615590122124",
            "Recipient",
            "KASA SHOP",
            "Date",
            "3 Feb 2026, 10:04",
            "am",
        )
    )
    assert seen.references["generic.ref"].value == "615590122124"
    assert seen.recipient_name.value == "KASA SHOP"
    assert seen.paid_at.value is not None
    assert seen.paid_at.value.isoformat() == "2026-02-03T03:04:00+00:00"


def test_khmer_labels_digits_and_dates() -> None:
    """A Khmer receipt of an unknown bank is read with Khmer digits and a Khmer date."""
    seen = evidence_of(
        reading(
            "ប្រតិបត្តិការជោគជ័យ",
            ("២៥,០០០ រៀល", 44),
            "អ្នកទទួល||KASA SHOP",
            "ពីគណនី||DARA VEASNA",
            "លេខប្រតិបត្តិការ||531363751061",
            "កាលបរិច្ឆេទ||១៤ កញ្ញា ២០២៦ | ០២:២១ ល្ងាច",
        )
    )
    assert Money(25_000, KHR) == seen.amount.value
    assert seen.recipient_name.value == "KASA SHOP"
    assert seen.paid_at.value is not None
    assert seen.paid_at.value.isoformat() == "2026-09-14T07:21:00+00:00"


def test_the_largest_amount_is_the_headline() -> None:
    """Fees, balances, debits and a notification's figure never are."""
    seen = evidence_of(
        reading("You paid 340,000 KHR", *ABA_CARD, "Available balance||99,000,000 KHR")
    )
    assert Money(25_000, KHR) == seen.amount.value


def test_two_headlines_contest_each_other() -> None:
    """A second figure as large as the first makes the amount not readable."""
    seen = evidence_of(reading(("-35,000 KHR", 40), *ABA_CARD))
    assert FieldState.CONTESTED is seen.amount.state
    assert (Money(35_000, KHR), Money(25_000, KHR)) == seen.amount.candidates


def test_readings_that_disagree_are_not_outvoted() -> None:
    """Two readings with different amounts are contested, whatever a third says."""
    other = (("-26,000 KHR", 40), *ABA_CARD[1:])
    seen = evidence_of(
        reading(*ABA_CARD),
        reading(*other, effort=Effort.LARGER),
        reading(*ABA_CARD, effort=Effort.LOCAL_CONTRAST),
    )
    assert FieldState.CONTESTED is seen.amount.state


def test_a_headline_without_a_currency_is_no_reading_of_it() -> None:
    """The riel sign is only seen by the Khmer data; others neither read nor contest it."""
    both: tuple[Line, ...] = ("Success", ("- #25,000", 40), "Transfer to KASA SHOP", *WING)
    khmer: tuple[Line, ...] = (("- រ25,000", 40), *WING)
    assert FieldState.UNREADABLE is evidence_of(reading(*both)).amount.state
    seen = evidence_of(
        reading(*both), reading(*khmer, languages=Languages.KHMER, effort=Effort.SIGNS)
    )
    assert Money(25_000, KHR) == seen.amount.value
    assert seen.layout == "wing_like"


WING: tuple[Line, ...] = (
    "Date and Time:||14-09-2026 10:21:54 AM",
    "From Account:||108796722",
    "To Account:||000123456",
    "Transaction ID:||00023472625736TG",
)


def test_a_dollar_sign_on_a_round_figure_needs_the_khmer_data() -> None:
    """A riel sign is read as a dollar sign at times; the Khmer data never does."""
    both: tuple[Line, ...] = ("Success", ("- $51,000", 40), "Transfer to KASA SHOP", *WING)
    assert FieldState.UNREADABLE is evidence_of(reading(*both)).amount.state
    khmer = reading(*both, languages=Languages.KHMER, effort=Effort.SIGNS)
    assert Money(5_100_000, USD) == evidence_of(reading(*both), khmer).amount.value


def test_a_sign_may_be_one_of_the_digits() -> None:
    """A figure that begins with 4 behind a riel sign needs a second reading."""
    both: tuple[Line, ...] = ("Success", ("- 847,000", 40), "Transfer to KASA SHOP", *WING)
    khmer = reading(("- រ47,000", 40), *WING, languages=Languages.KHMER, effort=Effort.SIGNS)
    assert not evidence_of(reading(*both), khmer).amount.is_read
    larger = reading(("- §47,000", 40), *WING, effort=Effort.LARGER)
    assert Money(47_000, KHR) == evidence_of(reading(*both), khmer, larger).amount.value


def test_words_are_never_glued_to_an_amount() -> None:
    """A figure torn apart is not readable, not a smaller one."""
    seen = evidence_of(reading(("USD 224, 39", 44), *UNKNOWN[3:]))
    assert not seen.amount.is_read


def test_hashes_come_from_the_english_data() -> None:
    """The other data reads well-formed wrong hashes, so they count only from the English."""
    lines: tuple[Line, ...] = (
        ("500.00 ដុល្លារ", 40),
        "ចំនួនទឹកប្រាក់ប្រតិបត្តិការ",
        "លេខយោងប្រតិបត្តិការ||MB26566403108205",
        "បាគងហាស||5129e8af",
    )
    assert "bakong.hash8" not in evidence_of(reading(*lines)).references
    english = reading(*lines, languages=Languages.ENGLISH, effort=Effort.SIGNS)
    seen = evidence_of(reading(*lines), english)
    assert seen.references["bakong.hash8"].value == "5129e8af"


@pytest.mark.parametrize(
    ("printed", "value"),
    [("480102O2442", "48010202442"), ("48010202442:", "48010202442"), ("4801020244", None)],
)
def test_ids_are_mended_only_into_exact_forms(printed: str, value: str | None) -> None:
    """A letter becomes a digit where a digit must stand; a lost digit is never made up."""
    lines = (*ABA_CARD[:2], f"Trx. ID:||{printed}", *ABA_CARD[3:5], *ABA_CARD[6:])
    found = evidence_of(reading(*lines)).references.get("aba.trx")
    assert value == (found.value if found else None)


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("ប្រតិបត្តិការមិនជោគជ័យ", Outcome.FAILED),
        ("បានកំណត់ពេល", Outcome.SCHEDULED),
        ("Pending", Outcome.PENDING),
        ("Transaction failed", Outcome.FAILED),
        ("Reversed", Outcome.REVERSED),
    ],
)
def test_unfinished_words_come_before_everything(word: str, outcome: Outcome) -> None:
    """A screen of an unfinished transfer is not final, whatever else it shows."""
    assert outcome is evidence_of(reading(word, *ABA_CARD)).outcome.value
    assert outcome is evidence_of(reading(word, *UNKNOWN)).outcome.value


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        ("Your transfer is being processed", Outcome.PENDING),
        ("Please note that this payment is still pending at the receiving bank", Outcome.PENDING),
        ("ការផ្ទេររបស់អ្នក កំពុងដំណើរការ សូមរង់ចាំ", Outcome.PENDING),
        ("It will be processed on 20 Sep 2026 by your bank", Outcome.SCHEDULED),
        ("Sorry, the transfer was declined by the receiving bank", Outcome.FAILED),
        ("This transaction was reversed on 15 Sep 2026", Outcome.REVERSED),
    ],
)
def test_a_sentence_takes_a_success_word_back(sentence: str, outcome: Outcome) -> None:
    """A success word beside a sentence about an unfinished transfer finishes nothing."""
    assert outcome is evidence_of(reading(*UNKNOWN, sentence)).outcome.value
    assert outcome is evidence_of(reading(*ABA_CARD, sentence)).outcome.value


@pytest.mark.parametrize(
    "sentence", ["Thank you for your spending", "Processed by your bank in seconds"]
)
def test_other_sentences_take_nothing_back(sentence: str) -> None:
    """Letters that only look like such words say nothing of a transfer's end."""
    assert Outcome.FINAL is evidence_of(reading(*UNKNOWN, sentence)).outcome.value


def test_not_successful_is_no_success() -> None:
    """A denied success word is none."""
    seen = evidence_of(reading("Not successful", *UNKNOWN[2:]))
    assert Outcome.FAILED is seen.outcome.value


def test_a_received_card_is_the_payees() -> None:
    """Words of receiving tell whose screen it is."""
    seen = evidence_of(reading(("25,000.00 KHR", 40), "Received from DARA VEASNA", *ABA_CARD[2:]))
    assert Direction.RECEIVED is seen.direction.value
    assert not seen.recipient_name.is_read


def test_an_account_in_a_from_row_is_never_the_payees() -> None:
    """The payer's number stays the payer's."""
    seen = evidence_of(reading(*UNKNOWN[:4], "Paid from||DARA (000 146 564)", *UNKNOWN[5:]))
    assert not seen.recipient_account.is_read
    assert seen.payer_account.value == "000146564"


def test_labels_that_one_reading_lost_are_lent_by_another() -> None:
    """Grey label columns drop out of a reading as a whole; another tells where values stand."""
    labels: list[Line] = []
    values: list[Line] = []
    for line in UNKNOWN:
        text = line if isinstance(line, str) else line[0]
        left, bar, right = text.partition("||")
        labels.append(left if bar else line)
        values.append(f"||{right}" if bar else line)
    seen = evidence_of(reading(*values), reading(*labels, effort=Effort.LARGER))
    assert seen.references["generic.ref"].value == "TX83A72K9"
    assert seen.recipient_name.value == "KASA SHOP"


def test_other_pictures_are_no_receipts() -> None:
    """A chat, an invoice and a QR code are called what they are."""
    chat = reading(
        "bong how much is it",
        "160,000 riel sen",
        "paid already thank you so much",
        "see you tomorrow at the market then",
    )
    assert ReceiptKind.OTHER is evidence_of(chat).receipt.value
    invoice = reading("Invoice INV-2026-00017", "Amount due||25,000 KHR", "Total||25,000 KHR")
    assert ReceiptKind.INVOICE is evidence_of(invoice).receipt.value
    poster = reading("Scan to pay", "KASA SHOP")
    code = evidence_of(poster, codes=("00020101021129180014kasa_shop@aclb",))
    assert ReceiptKind.CODE is code.receipt.value
