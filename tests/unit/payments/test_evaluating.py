"""The evaluation of a labelled set: order, memory, attack set, sums (section 18)."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.recognizer import ScriptedRecognizer
from kasa.application.payments.attacks import attacks_on
from kasa.application.payments.evaluating import Evaluate, SecondEngineMissing
from kasa.application.payments.labelled import LabelledSetInvalid, labelled_set
from kasa.application.payments.scoring import Evaluation
from kasa.application.ports.recognizer import TextRecognizer

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


def evaluated(
    *cases: Mapping[str, Any],
    shown: Mapping[str, tuple[str, ...]],
    hash_salt: str | None = None,
    reader: TextRecognizer | None = None,
    **options: Any,
) -> Evaluation:
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
        recognizer=reader or recognizer,
        clock=ports.clock,
    )
    truth = {"format": 1, "cases": list(cases), "hash_salt": hash_salt}
    return evaluate(labelled_set(truth), pictures.__getitem__, **options)


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
    honest = labelled_set({"format": 1, "cases": [case("a")]}).cases[0]
    paid_at = honest.printed.paid_at
    made = [one.name for one in attacks_on(honest.expected, account="000123456", paid_at=paid_at)]
    assert made.count("amount") == 4
    assert set(made) == {
        "amount",
        "currency",
        "recipient",
        "reference_used",
        "resent_later",
        "account",
        "old",
        "sent_late",
    }
    bare = {one.name for one in attacks_on(honest.expected, account=None, paid_at=None)}
    assert set(made) - bare == {"account", "old", "sent_late"}


def test_one_printed_digit_of_the_account_is_changed() -> None:
    """Of a whole account the middle digit is another, of a masked one the last, which is shown."""
    expected = labelled_set({"format": 1, "cases": [case("a")]}).cases[0].expected
    for printed, number in (("000 123 456", "000133456"), ("000 *** 456", "000123457")):
        made = attacks_on(expected, account=printed, paid_at=None)
        changed = next(one.expected for one in made if one.name == "account")
        assert [one.number for one in changed.accounts] == [number]


def invoice(**changes: object) -> dict[str, Any]:
    """Return the invoice of a case with some values changed; None leaves one out."""
    made = {**case("a")["invoice"], **changes}
    return {name: value for name, value in made.items() if value is not None}


@pytest.mark.parametrize(
    "truth",
    [
        {},
        [],
        None,
        "text",
        {"format": 2, "cases": []},
        {"format": 1},
        {"format": 1, "cases": {}},
        {"format": 1, "cases": [{}]},
        {"format": 1, "cases": [7]},
        {"format": 1, "cases": [], "hash_salt": 7},
        {"format": 1, "cases": [], "time_zone": "Nowhere/Land"},
        {"format": 1, "cases": [case("a", decision="perhaps")]},
        {"format": 1, "cases": [case("a", layout=7)]},
        {"format": 1, "cases": [case("a", printed={"ids": [{}]})]},
        {"format": 1, "cases": [case("a", printed={"ids": 7})]},
        {"format": 1, "cases": [case("a", printed="x")]},
        {"format": 1, "cases": [case("a", invoice=invoice(amount="much"))]},
        {"format": 1, "cases": [case("a", invoice=invoice(currency="XYZ"))]},
        {"format": 1, "cases": [case("a", invoice=invoice(now="yesterday"))]},
        {"format": 1, "cases": [case("a", invoice=invoice(now=None))]},
        {"format": 1, "cases": [case("a", invoice=invoice(recipients="KASA"))]},
    ],
)
def test_another_file_is_refused(truth: object) -> None:
    """What is no labelled set is refused with its code, and the place of what is wrong."""
    with pytest.raises(LabelledSetInvalid) as caught:
        labelled_set(truth)
    assert caught.value.code == "evaluation.set_invalid"
    if isinstance(truth, dict) and isinstance(truth.get("cases"), list) and truth["cases"]:
        assert caught.value.message.startswith("Case 1 of truth.json ")


def test_what_is_optional_may_be_missing_and_more_may_be_there() -> None:
    """Other sets have other layouts, further keys, banks that nobody knows, and fewer labels."""
    bare = {
        "file": "a",
        "decision": "approve",
        "colour": "blue",
        "invoice": {
            "amount": "25000",
            "currency": "KHR",
            "recipients": ["KASA SHOP"],
            "bank": "Bank of the Moon",
            "issued_at": "2026-09-14T09:00:00",
            "now": "2026-09-14T12:00:00",
        },
    }
    found = evaluated(bare, shown={"a": LINES})
    assert (1, 1, {}) == (found.honest, found.approved, dict(found.false_approvals))
    assert found.summary()["fields"] == {}
    assert list(found.by("bank")) == list(found.by("layout")) == [""]
    assert found.results[0].case.expected.submitted_at.utcoffset() == timedelta(hours=7)


def test_hashed_ids_are_compared_and_nothing_is_told() -> None:
    """With a salt ids are compared by their hash, and what was read stays out of the answer."""
    digest = sha256(b"pepper" + b"TX83A72K9").hexdigest()[:16]
    row = case("a")
    row["printed"] = {**row["printed"], "ids": [{"role": "trx_id", "text": digest}]}
    found = evaluated(row, shown={"a": LINES}, hash_salt="pepper")
    assert {"exact": 1, "wrong": 0, "unread": 0} == found.summary()["fields"]["reference"]
    assert "read" not in found.as_data()["cases"][0]
    assert "TX83A72K9" not in str(found.as_data())


@pytest.mark.parametrize(
    ("attack", "changes", "counted"),
    [
        ("wrong_amount", {"amount": "26000"}, (1, 1)),
        ("wrong_currency", {"amount": "26000"}, (0, 1)),
        ("old_receipt", {"issued_at": "2026-09-20T09:00:00", "now": "2026-09-20T12:00:00"}, (1, 1)),
        ("similar_recipient", {"recipients": ["QWZX VBNM"], "accounts": ["999000111"]}, (1, 1)),
        ("not_on_the_list", {"amount": "26000"}, (0, 0)),
    ],
)
def test_the_true_reason_is_looked_for(
    attack: str, changes: Mapping[str, object], counted: tuple[int, int]
) -> None:
    """A picture that is kept back has to be kept back for the reason of its label."""
    row = case("a", decision="review", attack=attack, invoice=invoice(**changes))
    found = evaluated(row, shown={"a": LINES})
    missing = found.summary()["true_reasons"]["missing"]
    assert [one["file"] for one in missing] == (["a"] if counted == (0, 1) else [])
    assert found.true_reasons == counted


def test_files_may_be_read_in_any_order() -> None:
    """However many are read at once, the answers are those of one after the other."""
    rows = [case("a"), case("b", decision="review", attack="duplicate_reference"), case("a")]
    shown = {"a": LINES, "b": LINES}

    def backwards(call: Any, cases: Any) -> Any:
        return reversed([call(one) for one in reversed(list(cases))])

    one, other = evaluated(*rows, shown=shown), evaluated(*rows, shown=shown, each=backwards)
    assert [row.verdict for row in one.results] == [row.verdict for row in other.results]


def test_the_second_engine_is_asked_for() -> None:
    """Without a second engine the figures of both cannot be had."""
    with pytest.raises(SecondEngineMissing) as refused:
        evaluated(case("a"), shown={"a": LINES}, both_engines=True)
    assert refused.value.code == "setup.second_engine_missing"
