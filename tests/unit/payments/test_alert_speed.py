"""Reading takes time in proportion to the length of a message, whatever it repeats."""

from collections.abc import Iterator
from time import process_time

import pytest

from kasa.adapters.conformance.strategies_alerts import ALERT_RECEIVED_AT
from kasa.domain.payments.alerts.patterns import tokens_of
from kasa.domain.payments.alerts.reading import read_alert
from kasa.domain.payments.banks.shapes import AlertGrammar
from kasa.domain.payments.banks.tables import ALERTS

pytestmark = pytest.mark.deep

SHORT, LONG = 1000, 2000
RATIO_MAX = 4.0
MEASURABLE_SECONDS = 0.00025
REPEATS = 3
LEADS = {
    "sign": "$",
    "amount": "5.00",
    "code": "USD",
    "word": "រៀល",
    "tail": "467",
    "phone": "012 000 111",
    "day": "14",
    "month": "Sep",
    "month_no": "09",
    "year": "2026",
    "hour": "10",
    "minute": "21",
    "second": "54",
    "half": "AM",
    "channel": "ABA PAY",
    "spaces": " ",
    "payer": "A",
    "shop": "B",
    "bank": "C",
    "bank_in": "C",
    "bank_word": "C",
    "bank_slash": "C",
}


def texts(grammar: AlertGrammar) -> Iterator[str]:
    """Return beginnings of a wording, each followed by one of its pieces over and over."""
    for template in grammar.templates:
        pieces = [token.text for token in tokens_of(template) if token.text.strip()]
        begun = ""
        for token in tokens_of(template):
            begun += token.text or LEADS.get(token.field, "")
            for piece in (*pieces, " ", "(", "a", ", ", "*", "9"):
                yield (begun + piece * LONG)[:LONG]


def seconds(text: str, bot: str) -> float:
    """Return the shortest time that reading a text took."""
    found = []
    for _ in range(REPEATS):
        start = process_time()
        read_alert(text, bot, ALERT_RECEIVED_AT)
        found.append(process_time() - start)
    return min(found)


@pytest.mark.parametrize("grammar", ALERTS, ids=[grammar.family for grammar in ALERTS])
def test_twice_the_length_takes_about_twice_the_time(grammar: AlertGrammar) -> None:
    """No repeated piece of a wording makes its reading slower than its length does."""
    bot = grammar.bots[0]
    read_alert("", bot, ALERT_RECEIVED_AT)
    for text in texts(grammar):
        half = max(MEASURABLE_SECONDS, seconds(text[:SHORT], bot))
        assert seconds(text, bot) <= RATIO_MAX * half
