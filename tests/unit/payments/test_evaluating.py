"""The evaluation of a labelled set: order, memory, attack set, sums (section 18)."""

from collections.abc import Mapping
from typing import Any

import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.recognizer import ScriptedRecognizer
from kasa.application.payments.attacks import attacks_on
from kasa.application.payments.evaluating import Evaluate
from kasa.application.payments.labelled import LabelledSetInvalid, labelled_set
from kasa.application.payments.scoring import Evaluation

LINES = (
    "Payment successful",
    "Amount 25,000 KHR",
    "Paid to KASA SHOP",
    "Receiver account 000123456",
    "Txn ID TX83A72K9",
    "Date 14/09/2026 10:21:54",
)
OTHER = (*LINES[:4], "Txn ID TX11B72K8", "Date 14/09/2026 11:40:00")


def case(file: str, **changes: Any) -> dict[str, Any]:
    """Return one row of a truth file."""
    row: dict[str, Any] = {
        "file": file,
        "layout": "unknown",
        "degrade": "clean",
        "hard": False,
        "decision": "approve",
        "attack": None,
        "variant": None,
        "invoice": {
            "number": "INV-1",
            "amount": "25000",
            "currency": "KHR",
            "recipients": ["KASA SHOP"],
            "accounts": ["000 123 456"],
            "bank": "ABA",
            "issued_at": "2026-09-14T09:00:00+07:00",
            "now": "2026-09-14T12:00:00+07:00",
        },
        "printed": {
            "kind": "receipt",
            "amount": {"text": "25,000 KHR", "value": "25000", "currency": "KHR"},
            "date": {"text": "", "iso": "2026-09-14T10:21:54+07:00"},
            "ids": [{"role": "trx_id", "text": "TX83A72K9"}],
            "payee_name": "KASA SHOP",
            "payee_account": "000123456",
        },
    }
    return {**row, **changes}


def evaluated(*cases: Mapping[str, Any], shown: Mapping[str, tuple[str, ...]]) -> Evaluation:
    """Return the evaluation of cases whose pictures say what is scripted."""
    ports = memory_ports()
    recognizer = ports.recognizer
    assert isinstance(recognizer, ScriptedRecognizer)
    pictures = {}
    for file, lines in shown.items():
        pictures[file] = b"\x89PNG " + file.encode()
        recognizer.show(ports.images.clean(pictures[file]).data, *lines)
    evaluate = Evaluate(
        images=ports.images,
        storage=ports.storage,
        codes=ports.codes,
        recognizer=recognizer,
        clock=ports.clock,
    )
    truth = {"format": 1, "cases": list(cases)}
    return evaluate(labelled_set(truth), pictures.__getitem__)


def test_an_honest_receipt_is_approved_and_no_attack_is() -> None:
    """The true expected payment is met; every changed one goes to a person."""
    found = evaluated(case("a"), shown={"a": LINES})
    assert (1, 1) == (found.honest, found.approved)
    assert dict(found.false_approvals) == {}
    assert {"exact": 1, "wrong": 0, "unread": 0} == found.summary()["fields"]["amount"]


def test_duplicates_are_remembered_across_the_set() -> None:
    """The second picture of a transfer, and the same file again, are duplicates."""
    again = case("b", decision="review", attack="duplicate_reference")
    fresh = case("c")
    fresh["printed"] = {**fresh["printed"], "ids": [{"role": "trx_id", "text": "TX11B72K8"}]}
    found = evaluated(
        case("a"), again, again | {"file": "a"}, fresh, shown={"a": LINES, "b": LINES, "c": OTHER}
    )
    decisions = [row["decision"] for row in found.as_data()["cases"]]
    assert ["approve", "duplicate", "duplicate", "approve"] == decisions


def test_the_object_of_a_case() -> None:
    """A case has exactly the published keys and canonical values."""
    row = evaluated(case("a"), shown={"a": LINES}).as_data()["cases"][0]
    assert list(row) == ["file", "decision", "points", "reasons", "read", "milliseconds"]
    assert row["read"] == {
        "amount": "25000",
        "currency": "KHR",
        "paid_at": "2026-09-14T10:21:54+07:00",
        "recipient": "KASA SHOP",
        "references": ["TX83A72K9"],
    }


def test_a_false_approval_is_counted_by_attack() -> None:
    """An approved picture that a person should see counts against its attack."""
    forged = case("a", decision="review", attack="edited_amount", variant="headline_only")
    assert evaluated(forged, shown={"a": LINES}).false_approvals == {"edited_amount": 1}
    apart = case("a", decision="review", attack="edited_amount", variant="everywhere")
    found = evaluated(apart, shown={"a": LINES})
    assert (0, 1) == (sum(found.false_approvals.values()), found.approved_apart)


def test_every_attack_of_the_set_is_made() -> None:
    """Amount, currency, receiver, account, age, a used reference and a resend are tried."""
    made = [
        attack.name
        for attack in attacks_on(labelled_set({"format": 1, "cases": [case("a")]}).cases[0])
    ]
    assert made.count("amount") == 4
    assert set(made) == {
        "amount",
        "currency",
        "recipient",
        "reference_used",
        "resent_later",
        "account",
        "old",
    }


@pytest.mark.parametrize("truth", [{}, {"format": 2, "cases": []}, {"format": 1, "cases": [{}]}])
def test_another_file_is_refused(truth: Mapping[str, Any]) -> None:
    """What is no labelled set is refused with its code."""
    with pytest.raises(LabelledSetInvalid) as caught:
        labelled_set(truth)
    assert caught.value.code == "evaluation.set_invalid"
