"""Where the values of a receipt stand, and which ids and words tell its layout (section 12)."""

import attrs
import pytest

from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.evidence import FieldState, Outcome
from kasa.domain.payments.receipts.identifiers import is_misread
from kasa.domain.payments.recognition import Box, Languages, Word
from tests.unit.payments.drawn import Line, evidence_of, reading

ACLEDA = ("លេខគណនី||076 ***", "កាលបរិច្ឆេទ||១៤ កញ្ញា ២០២៦", "លេខយោង||62159727940")


def acleda(*to: Line) -> tuple[Line, ...]:
    """Return the lines of a receipt whose payee stands below its label and in a row."""
    return ("ជោគជ័យ", *to, ("25,000 រៀល", 40), *ACLEDA)


NAMES: list[tuple[tuple[Line, ...], str]] = [
    (("ប្រតិបត្តិការ KHQR ទៅ", "KASA SHOP"), "KASA SHOP"),
    (("ប្រតិបត្តិការ KHOR isi", "KASA SHOP"), "KASA SHOP"),
    ((("ទៅគណនី||KASA COFFEE L. AND", 24), ("||NORA B.", 24)), "KASA COFFEE L. AND NORA B."),
    ((("ទៅគណនី||KASA L. AND NORA", 24), ("||B.", 24)), "KASA L. AND NORA B."),
    ((("ទៅគណនី||KASA L. AND NORA", 24), ("||B", 24)), "KASA L. AND NORA B"),
]


@pytest.mark.parametrize(("lines", "name"), NAMES)
def test_names_of_a_row(lines: tuple[Line, ...], name: str) -> None:
    """A label's misread end is no name, and an initial alone on its line ends the name above."""
    assert name == evidence_of(reading(*acleda(*lines))).recipient_name.value


def test_a_name_that_flows_from_its_label() -> None:
    """A name right behind its label goes on at the label's edge, whole."""
    page = (
        ("Transfer to KASA COFFEE AND TEA SHOP OF", 24),
        ("PHNOM PENH", 24),
        "Amount||25,000 KHR",
        "Reference||TX83A72K9",
        "Completed",
    )
    seen = evidence_of(reading(*page)).recipient_name
    assert "KASA COFFEE AND TEA SHOP OF PHNOM PENH" == seen.value


CARD: tuple[Line, ...] = (
    ("-25,000.00 KHR", 40),
    "KASA SHOP",
    "||48529090272",
    "||DARA VEASNA (003 046 430)",
    "||100FT36954929651",
    "||Sep 14, 2026 10:21 AM",
)


def test_a_card_whose_labels_are_lost() -> None:
    """Two ids of a bank below its form of headline are its card; one alone is not."""
    seen = evidence_of(reading(*CARD))
    assert ("aba.card", Outcome.FINAL) == (seen.layout, seen.outcome.value)
    assert {"aba.trx": "48529090272", "aba.ft": "100FT36954929651"} == {
        scheme: field.value for scheme, field in seen.references.items()
    }
    assert "generic" == evidence_of(reading(*CARD[:4], CARD[5])).layout
    named = (CARD[0], "Transfer to KASA SHOP", *CARD[2:4], CARD[5])
    assert "aba.success" == evidence_of(reading(*named)).layout


def prasac(*payee: Line) -> tuple[Line, ...]:
    """Return a receipt with payer and payee one below the other."""
    return (
        "ជោគជ័យ",
        "ចំនួនទឹកប្រាក់ប្រតិបត្តិការ",
        ("25,000 រៀល", 40),
        "14 Sep 2026, 10:21 AM",
        "",
        "Dara Veasna",
        "097 790 031",
        "",
        *payee,
        "",
        "លេខយោងប្រតិបត្តិការ||MB26566403108205",
        "បាគងហាស||5129e8af",
    )


def test_the_second_block_is_the_payee() -> None:
    """Name, account and bank stand one below the other; what stands farther below is no block."""
    seen = evidence_of(reading(*prasac("KASA SHOP", "092 375 070", "ABA Bank")))
    assert ("KASA SHOP", "092375070", "ABA Bank") == (
        seen.recipient_name.value,
        seen.recipient_account.value,
        seen.recipient_bank.value,
    )
    assert not evidence_of(reading(*prasac("KASA SHOP", "", "092 375 070"))).recipient_name.is_read


def test_a_name_of_two_lines_above_its_account() -> None:
    """A line close above an account's name belongs to it."""
    lines = prasac("", "", "", "")
    block = [
        Word(text, Box(left, top, 12 * len(text), 20), 95)
        for text, left, top in (
            ("KASA", 40, 400),
            ("COFFEE", 100, 400),
            ("BY", 184, 400),
            ("N.RITHY", 40, 436),
            ("092", 40, 480),
            ("375", 88, 480),
            ("070", 136, 480),
        )
    ]
    page = reading(*lines)
    page = attrs.evolve(page, words=(*page.words, *block))
    seen = evidence_of(page)
    assert ("KASA COFFEE BY N.RITHY", "092375070") == (
        seen.recipient_name.value,
        seen.recipient_account.value,
    )


def test_a_prefix_that_another_reading_shows() -> None:
    """The words before a name are left out also where they were misread."""
    rest = (
        "Date and Time:||14-09-2026 10:21:54 AM",
        "From Account:||108796722",
        "Transaction ID:||00023472625736TG",
    )
    whole = reading("Success", ("- $5.25", 40), "Transfer to KASA SHOP D.", *rest)
    torn = reading(
        "Success",
        ("- $5.25", 40),
        "Tramsfon ro KASA SHOP D.",
        *rest,
        languages=Languages.ENGLISH,
    )
    seen = evidence_of(torn, whole).recipient_name
    assert ("KASA SHOP D.", 2, False) == (seen.value, seen.seen, seen.cut)


def test_an_initial_that_is_lost_is_doubted() -> None:
    """A reading that lost the last initial is believed after one that has it."""
    page = ("ជោគជ័យ", ("25,000 រៀល", 40), *ACLEDA)
    lost = reading(*page, "ទៅគណនី||KASA SHOP ០.", languages=Languages.ENGLISH)
    whole = reading(*page, "ទៅគណនី||KASA SHOP D.")
    assert "KASA SHOP D." == evidence_of(lost, lost, whole).recipient_name.value


PARTS = [
    ("076 *** 732 (ដុល្លារ)", None),
    ("732 (ដុល្លារ)", None),
    ("076 732 USD", None),
    ("732.50 (ដុល្លារ)", Money(732_50, USD)),
    ("732 ដុល្លារ", Money(732_00, USD)),
]


@pytest.mark.parametrize(("line", "amount"), PARTS)
def test_parts_of_an_account_are_no_amount(line: str, amount: Money | None) -> None:
    """Neither digits behind a mask nor a number before an account's currency in brackets."""
    page = reading("Completed", line, "Transaction ID||TX83A72K9", "Paid to||KASA SHOP")
    seen = evidence_of(page).amount
    assert amount == (seen.value if seen.is_read else None)


NOISE: list[tuple[tuple[str, ...], int | None]] = [
    (("-~25,000 KHR", "-~25,000 KHR"), None),
    (("-~25,000 KHR", "-25,000 KHR"), 25_000),
]


@pytest.mark.parametrize(("headlines", "minor"), NOISE)
def test_noise_at_a_number_needs_a_clean_reading(
    headlines: tuple[str, ...], minor: int | None
) -> None:
    """What touches a number may have been one of its digits."""
    pages = [
        reading("Success", (text, 40), "KASA SHOP", "Trx. ID||12345678901", "Paid from||Savings")
        for text in headlines
    ]
    wanted = None if minor is None else Money(minor, KHR)
    assert wanted == evidence_of(*pages).amount.value


def test_ids_of_two_labels() -> None:
    """Another id behind another label contests nothing: it is looked up beside the first."""
    page = reading(
        "Completed",
        "Amount||25,000 KHR",
        "Transaction ID||620733061317",
        "Bank reference||NP8324147037",
        "Paid to||KASA SHOP",
    )
    seen = evidence_of(page, page).references["generic.ref"]
    assert (FieldState.READ, "620733061317", ("NP8324147037",)) == (
        seen.state,
        seen.value,
        seen.candidates,
    )


@pytest.mark.parametrize(
    ("value", "misread"),
    [
        ("000234726125ACV1", False),
        ("000234726125ACVI1", True),
        ("000234726125ACV", True),
        ("001FTRA26305WNE0", False),
        ("001FTRA2630SWNE0", False),
        ("001FTRA263", True),
        ("100FT36954929651", False),
        ("100FT3695492965", True),
        ("000234826125ACV", False),
        ("TX83A72K9", False),
    ],
)
def test_a_long_mark_with_another_form_is_a_misreading(value: str, *, misread: bool) -> None:
    """An id that begins like a bank's own and is too long or too short is not readable."""
    assert misread is is_misread(value)


PPC = (
    ("$ 6.00", 40),
    "បានផ្ញើទៅ KASA SHOP",
    "លេខសម្គាល់ប្រតិបត្តិការ||980083791",
    "កាលបរិច្ឆេទប្រតិបត្តិការ||14 កញ្ញា, 2026 8:50:29 PM",
    "សរុប||6.00 USD",
)
LOOSE: list[tuple[tuple[Line, ...], str | None]] = [
    (("អ្នកទទួល||KASA SHOP", "||069572177"), "069572177"),
    (("xxxxxx||KASA SHOP", "||069572177"), "069572177"),
    (("xxxxxx||KASA SHOP", "||06) 572) 177"), "06572177"),
    (("xxxxxx||KASA SHOP", "||6957) 2"), None),
    (("xxxxxx||KASA SHOP", "||1,234,567.00"), None),
    (("xxxxxx||KASA SHOP", "||069572 ABCDE"), None),
]


@pytest.mark.parametrize(("payee", "account"), LOOSE)
def test_an_account_whose_label_is_lost(payee: tuple[Line, ...], account: str | None) -> None:
    """A number that may be the payee's account is told: a name alone must not outweigh it."""
    seen = evidence_of(reading(*PPC, *payee))
    assert ("ppc.receipt", account) == (seen.layout, seen.recipient_account.value)
