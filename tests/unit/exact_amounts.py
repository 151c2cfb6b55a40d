"""Amounts of every currency at its extremes, on their way through a store and back."""

from collections.abc import Iterator

from kasa.adapters.conformance.shops import new_shop
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.phrasing import money_text, parse_money_text
from kasa.domain.invoicing.balance import CreditEntry
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.kernel.money import CURRENCIES, MINOR_LIMIT, Currency, Money
from kasa.domain.kernel.text import name

MINORS = (MINOR_LIMIT - 1, MINOR_LIMIT // 10, 123_456_789_012_345, 100, 99, 1)


def extremes(unit: Currency) -> Iterator[str]:
    """Yield the canonical text of large and small amounts, below 0 too."""
    for minor in MINORS:
        for sign in ("", "-"):
            digits = str(minor).rjust(unit.exponent + 1, "0")
            whole, decimals = digits[: len(digits) - unit.exponent], digits[-unit.exponent :]
            yield sign + (f"{whole}.{decimals}" if unit.exponent else digits)


def stored_and_back(ports: Ports) -> None:
    """Parse, store, read, print, parse: nothing on the way changes an amount."""
    owner, kasa = new_shop(ports), Kasa.over(ports)
    customers = [
        kasa.invoicing.add_customer(owner, CustomerDetails(name=name(f"Dara {turn}"))).id
        for turn in range(2 * len(MINORS))
    ]
    sent = {}
    now = ports.clock.now()
    with ports.unit_of_work(owner) as work:
        for unit in CURRENCIES.values():
            for customer, text in zip(customers, extremes(unit), strict=True):
                change = Money.parse(text, unit)
                entry = CreditEntry(id=ports.ids.new(now), customer=customer, change=change, at=now)
                assert change == work.credits.append(entry).balance
                sent[customer, unit.code] = text
    with ports.unit_of_work.read_only(owner) as view:
        assert () == view.books.differences()
        read = {
            (customer, one.balance.currency.code): one.balance
            for customer in customers
            for one in view.credits.of_customer(customer)
        }
    assert sent == {key: amount.text for key, amount in read.items()}
    for amount in read.values():
        assert amount == Money.parse(amount.text, amount.currency)
        assert amount == parse_money_text(money_text(amount), amount.currency)
