"""Every case of `notifications.json`: the envelope is judged, then the words."""

import json
from datetime import datetime
from typing import Any

import pytest

from kasa.domain.payments.alerts.reading import (
    BankCredit,
    Envelope,
    Refusal,
    Sender,
    read_alert,
    trust,
)
from kasa.domain.payments.evidence import Source
from tests.places import CASES

pytestmark = pytest.mark.cases

ALL = json.loads((CASES / "notifications.json").read_text(encoding="utf-8"))["cases"]


def envelope_of(case: dict[str, Any]) -> Envelope:
    """Return how the message of a case came."""
    given = case["envelope"]
    return Envelope(
        bot=given["bot"],
        chat=-1,
        message=1,
        sender=Sender(given["sender"]),
        chat_bound=given["chat"] == "bound",
        forwarded=given["forwarded"],
    )


def taken(case: dict[str, Any]) -> BankCredit | Refusal:
    """Return what is made of the message of a case."""
    trusted = trust(envelope_of(case))
    if isinstance(trusted, Refusal):
        return trusted
    assert Source.BANK_ALERT is trusted
    received_at = datetime.fromisoformat(case["received_at"])
    return read_alert(case["text"], case["envelope"]["bot"], received_at)


def told(credit: BankCredit) -> dict[str, Any]:
    """Return a credit in the words of the case file."""
    return {
        "kind": "credit",
        "amount": credit.amount.text,
        "currency": credit.amount.currency.code,
        "paid_at": credit.paid_at,
        "precision": credit.precision.value,
        "payer": credit.payer,
        "payer_tail": credit.payer_tail,
        "payer_bank": credit.payer_bank,
        "channel": credit.channel,
        "merchant": credit.shop,
        "remark": credit.remark,
        "bill_number": credit.bill_number,
        "references": dict(credit.references),
        "flags": list(credit.flags),
    }


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in ALL])
def test_every_case(case: dict[str, Any]) -> None:
    """A message is the credit that it tells, to the last field, or is refused with its code."""
    wanted, made = dict(case["expect"]), taken(case)
    if wanted["kind"] != "credit":
        unreadable = {Refusal.AMOUNT_UNREADABLE, Refusal.DATE_UNREADABLE}
        assert isinstance(made, Refusal)
        assert wanted["code"] == made.value
        assert (wanted["kind"] == "unreadable") == (made in unreadable)
        return
    assert isinstance(made, BankCredit)
    assert case["family"] == made.family
    wanted["paid_at"] = datetime.fromisoformat(wanted["paid_at"])
    seen = told(made)
    assert wanted == {name: seen[name] for name in wanted}
