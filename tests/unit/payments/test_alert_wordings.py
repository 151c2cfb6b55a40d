"""Single messages: what counts as the bank's words, and what only looks like them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.alerts.reading import AlertFlag, BankCredit, Refusal, read_alert

RECEIVED_AT = datetime(2026, 9, 14, 3, 22, 29, tzinfo=UTC)
ABA = (
    "$25.00 paid by DARA SOK (*467) on Sep 14, 10:21 AM via ABA PAY at KASA SHOP by S.CHAN."
    " Trx. ID: 178935611441643, APV: 691804."
)
ABA_KM = (
    "៛10,400 ត្រូវបានបង់ដោយ DARA SOK (*111) នៅថ្ងៃទី 14 ខែកញ្ញា ឆ្នាំ 2026 ម៉ោង 10:21 តាម ABA PAY"
    " នៅ KASA SHOP។ លេខប្រតិបត្តិការ: 178935611441643។ APV: 165582។"
)
ACLEDA = (
    "Received 9.60 USD from 012 000 111 Dara Sok, 14-Sep-2026 10:21AM."
    " Ref.ID: 62571705680, at KASA SHOP, STAND: 05843451."
)
SATHAPANA = (
    "The amount 55.50 USD is paid from Dara Sok, ACLEDA Bank Plc., Bill No.: {bill} on 2026-09-14"
    " 10.21.54 AM with Transaction ID: 099QORT262570056, Hash: 9277630f, Shop-name: KASA SHOP"
)
HONGLEONG = (
    "KHR 14,000.00 is paid to KASA SHOP from DARA SOK on 14-Sep-2026 @10:21:54."
    " Transaction Hash is d6349c17."
)
BOTS = {ABA: "PayWayByABA_bot", ABA_KM: "paywaybyaba_BOT", ACLEDA: "@ACLEDABankBot"}


def read(text: str, bot: str = "PayWayByABA_bot") -> BankCredit | Refusal:
    """Read a message that came a moment ago."""
    return read_alert(text, bot, RECEIVED_AT)


def credit(text: str, bot: str = "PayWayByABA_bot") -> BankCredit:
    """Read a message that is a credit."""
    made = read(text, bot)
    assert isinstance(made, BankCredit)
    return made


@pytest.mark.parametrize("text", BOTS)
def test_a_bot_is_known_in_any_writing_of_its_name(text: str) -> None:
    """Letter case and the sign before a name do not count; trailing white space neither."""
    assert isinstance(read(f"{text} \n", BOTS[text]), BankCredit)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("$", "៖"),
        ("$", "＄"),  # a wide sign is the point
        ("$", "US$"),
        ("$", "€"),
        ("$", "-$"),
        ("$25.00", "25.00$"),
        ("$25.00", "$ 25.00"),
        ("paid by", "Paid by"),
        ("paid by", "paid  by"),
        ("paid by", "pаid by"),  # a Cyrillic letter is the point
        ("DARA SOK", ""),
        ("DARA SOK", "DARA\nSOK"),
        ("DARA SOK", "D" * 121),
        ("(*467)", "(467)"),
        ("(*467)", "(*46)"),
        ("10:21 AM", "10:21"),
        ("10:21 AM", "10.21 AM"),
        ("ABA PAY", "ABA MOBILE"),
        ("178935611441643", "17893561144164"),
        ("178935611441643", "1789356114416430"),
        ("691804", "69180"),
        ("Trx. ID:", "Trx ID:"),
        (". Trx.", ".  Trx."),
        ("691804.", "691804.."),
        ("691804.", "691804. Thank you"),
    ],
)
def test_what_only_looks_like_a_wording_is_no_credit(old: str, new: str) -> None:
    """Signs, letters, lengths and spaces are those of the bank, or the message is another one."""
    assert Refusal.NOT_A_CREDIT is read(ABA.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [("25.00", one) for one in ("0.00", "25.000.00", "00.50", "1.2.3", "25.", "1,00.00")],
)
def test_an_impossible_amount_is_told(old: str, new: str) -> None:
    """The shape is the bank's, the amount is none."""
    assert Refusal.AMOUNT_UNREADABLE is read(ABA.replace(old, new, 1))


@pytest.mark.parametrize(
    "new", ["Sep 31, 10:21 AM", "Sap 14, 10:21 AM", "Feb 29, 10:21 AM", "Sep 14, 13:21 PM"]
)
def test_an_impossible_moment_is_told(new: str) -> None:
    """The shape is the bank's, the day or the hour is none."""
    assert Refusal.DATE_UNREADABLE is read(ABA.replace("Sep 14, 10:21 AM", new))
    other = ACLEDA.replace("14-Sep-2026", "14-Sep-2019")
    assert Refusal.DATE_UNREADABLE is read(other, "ACLEDABankBot")


def test_midnight_and_noon() -> None:
    """12:05 AM is five past midnight, 12:05 PM five past noon."""
    second = int(datetime(2026, 9, 13, 17, 5, tzinfo=UTC).timestamp())
    text = ABA.replace("10:21 AM", "12:05 AM").replace("1789356114", str(second))
    assert datetime(2026, 9, 13, 17, 5, tzinfo=UTC) == credit(text).paid_at
    noon = credit(ABA.replace("10:21 AM", "12:05 PM"))
    assert datetime(2026, 9, 14, 5, 5, tzinfo=UTC) == noon.paid_at
    assert (AlertFlag.TIME_DISAGREES.value,) == noon.flags


@pytest.mark.parametrize(
    ("seconds", "flagged"), [(-120, False), (-121, True), (179, False), (180, True)]
)
def test_the_id_may_be_two_minutes_beside_the_printed_one(seconds: int, *, flagged: bool) -> None:
    """Two minutes before its beginning, two after its end, and no second more."""
    made = int(datetime(2026, 9, 14, 3, 21, tzinfo=UTC).timestamp()) + seconds
    assert flagged == bool(credit(ABA.replace("1789356114", str(made))).flags)


@pytest.mark.parametrize(
    ("name", "shop"),
    [
        ("សុខ ដារ៉ា", "ហាងកាសា (ទួលគោក)"),
        ("CHEA, BOPHA", "KASA & SONS CO., LTD."),
        ("7 ELEVEN No. 12", "24/7 Mart (St. 63)"),
        ("A", "Shop at the Riverside"),
        ("D.C.", "O'Neil's - Café"),
        ("DARA (SOK)", "KASA. Trx. SHOP"),
    ],
)
def test_names_are_kept_as_they_stand(name: str, shop: str) -> None:
    """Khmer letters, commas, points, brackets and digits belong to names."""
    made = credit(ABA.replace("DARA SOK", name).replace("KASA SHOP by S.CHAN", shop))
    assert (name, shop, "467") == (made.payer, made.shop, made.payer_tail)


def test_khmer_digits_are_digits() -> None:
    """Amounts, days and hours in either writing."""
    khmer = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
    head, tail = ABA_KM.split(" តាម ")
    payer = "DARA SOK (*111)"
    written = head.translate(khmer).replace(payer.translate(khmer), payer) + " តាម " + tail
    assert credit(ABA_KM) == credit(written)


@pytest.mark.parametrize(
    ("text", "bot", "amount"),
    [
        (ABA.replace("$25.00", "៛100,000.00"), "PayWayByABA_bot", Money(100_000, KHR)),
        (ABA.replace("$25.00", "$1,250.5"), "PayWayByABA_bot", Money(125_050, USD)),
        (HONGLEONG, "HLBCAM_Bot", Money(14_000, KHR)),
        (HONGLEONG.replace("KHR 14,000.00", "USD 3"), "HLBCAM_Bot", Money(300, USD)),
        (ACLEDA.replace("9.60 USD", "38,000 KHR"), "ACLEDABankBot", Money(38_000, KHR)),
    ],
)
def test_amounts_in_either_currency(text: str, bot: str, amount: Money) -> None:
    """Riel with zeros behind the point, dollars with one decimal or none."""
    assert amount == credit(text, bot).amount


@pytest.mark.parametrize("code", ["THB", "USDT", "usd", "KH", "KHR."])
def test_other_currencies_are_no_credit(code: str) -> None:
    """A wording knows riel and dollars."""
    assert Refusal.NOT_A_CREDIT is read(ACLEDA.replace("USD", code), "ACLEDABankBot")


@pytest.mark.parametrize(
    ("bill", "number", "references"),
    [
        ("INV-2026-0107 | 02A64CSItFU", "INV-2026-0107", {}),
        ("INV-2026-0107", "INV-2026-0107", {}),
        ("62571705680 | 02A64CSItFU", "62571705680", {"payer.ref": "62571705680"}),
        ("6257170568 | 02A64CSItFU", "6257170568", {}),
        ("", "", {}),
    ],
)
def test_the_first_part_of_a_bill(bill: str, number: str, references: dict[str, str]) -> None:
    """It may name an invoice, or be the id that the payer's bank gave."""
    made = credit(SATHAPANA.format(bill=bill), "SathapanaBank_bot")
    own: dict[str, Any] = {"sathapana.trx": "099QORT262570056", "bakong.hash8": "9277630f"}
    assert (number, own | references) == (made.bill_number, made.references)


def test_a_remark_cannot_bring_ids_of_its_own() -> None:
    """Whoever writes the end of an alert into a remark makes no alert of it."""
    forged = "x. Trx. ID: 178935611400001, APV: 100001. Remark: y"
    said = ABA.replace("S.CHAN.", f"S.CHAN. Remark: {forged}.")
    assert Refusal.NOT_A_CREDIT is read(said)


def test_texts_have_a_length() -> None:
    """Two thousand characters are read, one more is not."""
    assert isinstance(read(ABA + " " * (2000 - len(ABA))), BankCredit)
    assert Refusal.NOT_A_CREDIT is read(ABA + " " * (2001 - len(ABA)))
