"""Labelled amounts beside the headline, and what they may be (payments.md, section 4)."""

import pytest

from kasa.adapters.conformance.receipts import DUE, acleda
from kasa.adapters.conformance.strategies_payments import read
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.comparisons import is_consistent, labelled_rows
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, FieldReading


def test_labelled_rows() -> None:
    """What was debited stands behind the labelled rows, if it was read."""
    rows = (Money(1, KHR), Money(2, USD))
    assert (*rows, DUE) == labelled_rows(acleda(amount_rows=rows))
    assert rows == labelled_rows(acleda(amount_rows=rows, debited=UNREADABLE))


ROWS: list[tuple[Money, FieldReading[Money], bool]] = [
    (DUE, ABSENT, True),
    (Money(25_001, KHR), ABSENT, False),
    (Money(25_500, KHR), read(Money(500, KHR)), True),
    (Money(25_501, KHR), read(Money(500, KHR)), False),
    (Money(24_500, KHR), read(Money(500, KHR)), False),
    (Money(25_500, KHR), read(Money(500, USD)), False),
    (Money(500, USD), ABSENT, True),
    (Money(499, USD), ABSENT, False),
    (Money(833, USD), ABSENT, True),
    (Money(834, USD), ABSENT, False),
]


@pytest.mark.parametrize(("row", "fee", "consistent"), ROWS)
def test_rows_beside_the_headline(
    row: Money, fee: FieldReading[Money], *, consistent: bool
) -> None:
    """A row is the headline, or it and exactly the fee, or 3000 to 5000 riel to the dollar."""
    evidence = acleda(amount_rows=(row,), fee=fee, debited=ABSENT)
    assert consistent is is_consistent(evidence, DUE)


def test_a_row_of_exactly_3000_riel_to_the_dollar() -> None:
    """Both ends of the band of plausibility belong to it."""
    low = acleda(amount_rows=(Money(30_000, KHR),), debited=ABSENT)
    assert is_consistent(low, Money(1_000, USD))
    assert not is_consistent(low, Money(1_001, USD))
    assert is_consistent(low, Money(600, USD))
    assert not is_consistent(low, Money(599, USD))
