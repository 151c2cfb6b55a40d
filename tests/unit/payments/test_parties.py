"""Payee and payer over several readings: whole fields (payments.md, section 12)."""

from typing import Any

import pytest

from kasa.adapters.conformance.strategies_payments import read
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, FieldReading, FieldState
from kasa.domain.payments.receipts.layouts import choose_layout, page_of
from kasa.domain.payments.receipts.parties import Parties, read_parties
from kasa.domain.payments.receipts.regions import laid_out
from kasa.domain.payments.recognition import Box, Languages, Reading
from tests.unit.payments.drawn import Line, reading

NAME = Box(440, 84, 48, 20)


def parties(*readings: Reading) -> Parties:
    """Return who paid whom, as some readings show it."""
    pages = [page_of(one) for one in readings]
    return read_parties(laid_out(pages, choose_layout(pages).layout), None)


def page(name: str, *more: Line, languages: Languages = Languages.BOTH) -> Reading:
    """Return a reading of a receipt with one payee."""
    return reading("Completed", f"Paid to||{name}", *more, languages=languages)


ENGLISH, KHMER = Languages.ENGLISH, Languages.KHMER
CONTESTED: FieldReading[Any] = FieldReading(
    state=FieldState.CONTESTED, candidates=("KASA SHOP", "DARA VEASNA")
)
NAMES: list[tuple[tuple[Reading, ...], FieldReading[str]]] = [
    ((page("KASA SHOP"),), read("KASA SHOP", box=NAME)),
    ((page("KASA SHOP"), page("KASA SHOP")), read("KASA SHOP", seen=2, box=NAME)),
    (
        (page("KA5A SHOP"), page("KASA SHOP", languages=ENGLISH)),
        read("KASA SHOP", seen=2, box=NAME),
    ),
    (
        (page("KASA SH0P", languages=ENGLISH), page("KASA SHOP"), page("KASA SHOP")),
        read("KASA SH0P", seen=3, box=NAME),
    ),
    (
        (page("KASA SHOP..."), page("KASA SHOP")),
        read("KASA SHOP", seen=2, box=NAME),
    ),
    ((page("KASA SHOP..."),), read("KASA SHOP...", cut=True, box=NAME)),
    (
        (page("IPSUM LOREM"), page("KASA SHOP"), page("KASA SHOP")),
        read("KASA SHOP", seen=2, box=NAME),
    ),
    (
        (page("IPSUM LOREM", languages=ENGLISH), page("KASA SHOP"), page("KASA SHOP")),
        read("IPSUM LOREM", box=Box(440, 84, 60, 20)),
    ),
    ((page("KASA SHOP", languages=KHMER),), UNREADABLE),
    ((reading("Completed", "Paid by||DARA VEASNA"),), UNREADABLE),
]


@pytest.mark.parametrize(("readings", "wanted"), NAMES)
def test_names_of_payees(readings: tuple[Reading, ...], wanted: FieldReading[str]) -> None:
    """The whole name that English data reads is believed first, then the one seen most."""
    assert wanted == parties(*readings).recipient_name


def twice(first: str, second: str) -> Reading:
    """Return a reading that prints a payee in two places."""
    return reading("Completed", f"Paid to||{first}", "Fee||0 KHR", f"Beneficiary||{second}")


def test_two_places_that_print_two_names() -> None:
    """Another name in another place contests the first unless more readings show that alone."""
    two = twice("KASA SHOP", "DARA VEASNA")
    assert CONTESTED == parties(two, two).recipient_name
    assert CONTESTED == parties(two).recipient_name
    assert read("KASA SHOP", seen=2, box=NAME) == parties(two, page("KASA SHOP")).recipient_name
    near = twice("KASA SHOP", "KASA SHAPE")
    assert read("KASA SHOP", seen=2, box=NAME) == parties(near, near).recipient_name
    inside = twice("KASA SHOP", "KASA SHOP PHNOM PENH TWO")
    assert FieldState.READ is parties(inside, inside).recipient_name.state
    cut = twice("KASA SHOP", "DARA VEASNA...")
    assert read("KASA SHOP", seen=2, box=NAME) == parties(cut, cut).recipient_name


SIDES: tuple[Line, ...] = (
    "Completed",
    "From||DARA VEASNA",
    "Account||000 146 564",
    "Bank||ACLEDA",
    "Paid to||KASA SHOP",
    "Account||000 123 456",
    "Bank||ABA Bank",
)


def test_accounts_and_banks_belong_to_the_side_above() -> None:
    """An account or bank without a side is the payee's only below the payee's label."""
    wanted = Parties(
        recipient_name=read("KASA SHOP", box=Box(440, 216, 48, 20)),
        recipient_account=read("000123456"),
        recipient_bank=read("ABA Bank"),
        payer_name=read("DARA VEASNA", box=NAME),
        payer_account=UNREADABLE,
    )
    assert wanted == parties(reading(*SIDES))
    nobody = parties(reading("Completed", "Account||000 123 456", "Bank||ABA Bank"))
    assert (
        Parties(
            recipient_name=UNREADABLE,
            recipient_account=UNREADABLE,
            recipient_bank=ABSENT,
            payer_name=UNREADABLE,
            payer_account=UNREADABLE,
        )
        == nobody
    )


def test_accounts_that_contest_each_other() -> None:
    """The account beside the payee's name counts like the one behind its own label."""
    one = page("KASA SHOP 000 123 456", "Receiver account||000 123 456")
    assert read("000123456", seen=2) == parties(one).recipient_account
    other = page("KASA SHOP 000 123 456", "Receiver account||000 123 457")
    values = ("000123457", "000123456")
    wanted: FieldReading[Any] = FieldReading(state=FieldState.CONTESTED, candidates=values)
    assert wanted == parties(other).recipient_account


def test_nobody_without_a_page() -> None:
    """Without a page that may be believed nothing is known of either side."""
    lost = Parties(
        recipient_name=UNREADABLE,
        recipient_account=UNREADABLE,
        recipient_bank=ABSENT,
        payer_name=UNREADABLE,
        payer_account=UNREADABLE,
    )
    assert lost == read_parties((), None)
