"""Amounts are exact: what comes in goes out, and what is no amount goes nowhere."""

import json

import pytest

from kasa.adapters.postgres.rows import answer_of, answer_text, text_of, value_of
from kasa.application.ports.bundle import Ports
from kasa.domain.invoicing.balance import CustomerCredit
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import PLATFORM, CustomerId
from kasa.domain.kernel.money import CURRENCIES, Currency, Money
from tests.unit.exact_amounts import extremes, stored_and_back

pytestmark = pytest.mark.A6

REFUSED = {
    "NaN": "money.syntax",
    "Infinity": "money.syntax",
    "1e1000000": "money.syntax",
    "1_000": "money.syntax",
    "１２": "money.syntax",
    "٣": "money.syntax",
    "១២": "money.syntax",
    "+1": "money.syntax",
    "01": "money.syntax",
    "12.505": "money.too_precise",
    "12.50\n": "money.syntax",
}
"""The forms that no door lets through, with what each is told."""


@pytest.mark.parametrize("unit", CURRENCIES.values(), ids=lambda unit: str(unit.code))
def test_an_amount_survives_every_form(unit: Currency) -> None:
    """As canonical text, as what is stored, and as the JSON of an answer."""
    for text in extremes(unit):
        amount = Money.parse(text, unit)
        assert text == amount.text
        assert amount == value_of(json.loads(text_of(amount)), Money)
        credit = CustomerCredit(customer=CustomerId(PLATFORM), balance=amount)
        assert credit == answer_of(*answer_text(credit))


def test_an_amount_survives_the_store(ports: Ports) -> None:
    """In memory as in tables."""
    stored_and_back(ports)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_amount_has_its_code(text: str) -> None:
    """Nothing is guessed, in no currency."""
    for unit in CURRENCIES.values():
        with pytest.raises(Invalid) as refused:
            Money.parse(text, unit)
        assert REFUSED[text] == refused.value.code


@pytest.mark.parametrize("number", [12, 12.5, True, None])
def test_a_number_of_json_is_no_amount(number: object) -> None:
    """A stored amount is text; a number would have lost digits."""
    with pytest.raises(Exception, match="expected str"):
        value_of({"minor": number, "currency": "USD"}, Money)
