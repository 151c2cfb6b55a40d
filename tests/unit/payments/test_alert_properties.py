"""Property 15: what a wording prints is read back, and nothing else is a credit."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_alerts import (
    ALERT_RECEIVED_AT,
    PrintedAlert,
    printed_alerts,
)
from kasa.domain.payments.alerts.reading import BankCredit, Refusal, read_alert
from kasa.domain.payments.banks.tables import ALERTS

ENDS_IN_A_NAME = frozenset({"sathapana.en", "acleda.km"})
WORDS = st.sampled_from(("Fwd: ", "hello ", "$", "9", "-", " ", "\n", "ជំរាបសួរ ", "**", "."))


def read(printed: PrintedAlert, text: str) -> BankCredit | Refusal:
    """Read a text as a message of the bot of a printed alert."""
    return read_alert(text, printed.grammar.bots[0], ALERT_RECEIVED_AT)


@pytest.mark.parametrize("family", [grammar.family for grammar in ALERTS])
def test_what_is_printed_is_read_back(family: str) -> None:
    """Amount, moment, names, remark and ids of every wording come back as they were printed."""

    @given(printed_alerts((family,)))
    def holds(printed: PrintedAlert) -> None:
        credit = read(printed, printed.text)
        assert isinstance(credit, BankCredit)
        assert family == credit.family
        assert (printed.amount, printed.paid_at) == (credit.amount, credit.paid_at)
        assert (printed.precision, ()) == (credit.precision, credit.flags)
        assert (printed.payer, printed.shop) == (credit.payer, credit.shop)
        assert printed.remark == credit.remark
        assert printed.references == {
            scheme: value for scheme, value in credit.references.items() if scheme != "payer.ref"
        }

    holds()


@given(printed_alerts(), st.data())
def test_a_cut_message_is_no_credit(printed: PrintedAlert, data: st.DataObject) -> None:
    """No proper prefix counts, but for a missing last full stop; a cut name is another name."""
    place = data.draw(st.integers(0, len(printed.text) - 1))
    text, rest = printed.text[:place], printed.text[place:]
    made = read(printed, text)
    if rest in {".", "។"} or not rest.strip():
        return
    if isinstance(made, BankCredit):
        assert printed.grammar.family in ENDS_IN_A_NAME
        assert printed.shop != made.shop


@given(printed_alerts(), WORDS, WORDS)
def test_words_around_a_message_are_no_part_of_it(
    printed: PrintedAlert, before: str, after: str
) -> None:
    """A message with anything before it is no credit, nor one with words behind it."""
    if before != "9" or not printed.text[0].isdigit():
        assert Refusal.NOT_A_CREDIT is read(printed, before + printed.text)
    made = read(printed, printed.text + after)
    if not after.strip():
        assert isinstance(made, BankCredit)
    elif isinstance(made, BankCredit):
        assert printed.grammar.family in ENDS_IN_A_NAME
        assert printed.shop != made.shop


@given(printed_alerts(), printed_alerts(), st.sampled_from(("", " ", "\n", "\n\n")))
def test_one_message_holds_one_alert(one: PrintedAlert, two: PrintedAlert, between: str) -> None:
    """Two alerts in one message are no credit, or one of a receiver that nobody knows."""
    made = read(one, one.text + between + two.text)
    if isinstance(made, BankCredit):
        assert one.grammar.family in ENDS_IN_A_NAME
        assert one.shop != made.shop


@given(printed_alerts())
def test_only_the_banks_own_bot_speaks_its_wording(printed: PrintedAlert) -> None:
    """A wording under another bank's bot, or an unknown one, is no credit."""
    own = {
        name for grammar in ALERTS if grammar.bank == printed.grammar.bank for name in grammar.bots
    }
    others = {name for grammar in ALERTS for name in grammar.bots} - own
    for bot in (*sorted(others), "some_bot", ""):
        assert Refusal.NOT_A_CREDIT is read_alert(printed.text, bot, ALERT_RECEIVED_AT)


@given(printed_alerts(), st.timedeltas(timedelta(days=-3000), timedelta(days=3000)))
def test_any_moment_of_receipt_gives_an_answer(printed: PrintedAlert, moved: timedelta) -> None:
    """However far the receipt is from the payment, the answer is a credit or a refusal."""
    made = read_alert(printed.text, printed.grammar.bots[0], ALERT_RECEIVED_AT + moved)
    assert isinstance(made, BankCredit | Refusal)


@given(st.text(max_size=2200))
def test_any_text_gives_an_answer(text: str) -> None:
    """No text raises, whoever is said to have posted it."""
    for grammar in ALERTS:
        assert isinstance(read_alert(text, grammar.bots[0], ALERT_RECEIVED_AT), Refusal)
