"""The rules that only add points: each whole finding, and what it needs (section 6)."""

from typing import Any

import attrs
import pytest

from kasa.adapters.conformance.receipts import (
    DUE,
    FIRST,
    HINT,
    JOINED,
    PAYWAY,
    PERFECT,
    aba_success,
    acleda,
    alert,
    bank_found,
    codes,
    due,
    judge,
    judged_at,
)
from kasa.adapters.conformance.strategies_payments import NAMES, OWN_CODE, PAID_AT, read
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments import rules
from kasa.domain.payments.banks.tables import TABLES_VERSION
from kasa.domain.payments.case import Case
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, PaymentEvidence, Source
from kasa.domain.payments.expected_payment import PayerHint
from kasa.domain.payments.finding import Finding, Result, matches, unreadable
from kasa.domain.payments.matching import (
    Ask,
    Decision,
    MatchVerdict,
    RuleOutcome,
    Versions,
    scored,
    total,
)
from kasa.domain.payments.merging import merge
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import UsedReferences


def case(evidence: PaymentEvidence, **changes: Any) -> Case:
    """Return an evidence beside what is due."""
    return Case(evidence=evidence, expected=due(**changes), used=UsedReferences(), at=judged_at())


def hinted(name: str = HINT.name, tail: str = "564") -> tuple[PayerHint, ...]:
    """Return one payer who paid before."""
    return (PayerHint(name=name, account_tail=tail),)


PAYERS: list[tuple[dict[str, Any], tuple[PayerHint, ...], Finding]] = [
    ({}, hinted(), matches()),
    ({"payer_account": read("០០០ ១៤៦ ៥៦៤ (USD)")}, hinted(), matches()),
    ({}, (), unreadable()),
    ({}, hinted(tail="565"), unreadable()),
    ({}, hinted(tail="64"), unreadable()),
    ({}, hinted(name="IPSUM DARANA"), unreadable()),
    ({"payer_name": ABSENT}, hinted(), unreadable()),
    ({"payer_account": UNREADABLE}, hinted(), unreadable()),
]


@pytest.mark.parametrize(("changes", "hints", "found"), PAYERS)
def test_known_payers(
    changes: dict[str, Any], hints: tuple[PayerHint, ...], found: Finding
) -> None:
    """A payer is known by an equal name and at least three last digits together."""
    given = case(attrs.evolve(PERFECT, **changes), payer_hints=hints)
    assert found == rules.payer_known(given)


LOOSE: dict[str, Any] = {"labelled": False}
LABELLED: list[tuple[PaymentEvidence, Finding]] = [
    (acleda(), matches()),
    (acleda(paid_at=read(PAID_AT, **LOOSE)), unreadable()),
    (acleda(paid_at=ABSENT), unreadable()),
    (acleda(amount=UNREADABLE), unreadable()),
    (acleda(references={"acleda.ref": read("62570012345", **LOOSE)}), unreadable()),
    (acleda(references={"acleda.ref": UNREADABLE}), unreadable()),
    (
        acleda(references={"a": read("1", **LOOSE), "b": UNREADABLE, "c": read("2")}),
        matches(),
    ),
    (acleda(references={}), unreadable()),
    (alert(paid_at=ABSENT, references={}), matches()),
]


@pytest.mark.parametrize(("evidence", "found"), LABELLED)
def test_labelled_fields(evidence: PaymentEvidence, found: Finding) -> None:
    """Headline, labelled moment and a labelled reference are there together, or a bank speaks."""
    assert found == rules.labelled(case(evidence))


TWICE: list[tuple[PaymentEvidence, Finding]] = [
    (acleda(), matches()),
    (acleda(debited=ABSENT), unreadable()),
    (acleda(debited=ABSENT, amount_rows=(DUE,)), matches()),
    (acleda(debited=ABSENT, amount=read(DUE, engines=2)), matches()),
    (acleda(debited=read(Money(25_001, KHR))), unreadable()),
    (acleda(amount=UNREADABLE), unreadable()),
]


@pytest.mark.parametrize(("evidence", "found"), TWICE)
def test_amounts_seen_twice(evidence: PaymentEvidence, found: Finding) -> None:
    """A second row of the same amount, or a second engine, confirms the headline."""
    assert found == rules.amount_twice(case(evidence))


STRONG = matches(Reason.ALERT_JOINED, points=20)
FIRM = matches(Reason.ALERT_JOINED, points=10)
SHARED = aba_success(references={"aba.trx": read("48010202442"), **PAYWAY})
PAYER_REF = alert(references={"payer.ref": read("48010202442")})
INGESTED: dict[str, Any] = {"source": Source.ALERT_INGESTED}
HASH: dict[str, Any] = {"source": Source.SHORT_HASH, "own_code": None}
JOINS: list[tuple[PaymentEvidence, Finding]] = [
    (JOINED, STRONG),
    (merge(SHARED, alert(**INGESTED)), FIRM),
    (merge(aba_success(), alert()), FIRM),
    (merge(aba_success(), PAYER_REF), STRONG),
    (merge(aba_success(), alert(references={"payer.ref": read("48010202443")})), FIRM),
    (merge(aba_success(), alert(references={})), FIRM),
    (merge(aba_success(references={}), alert(references={})), FIRM),
    (merge(SHARED, alert(amount=read(Money(1, KHR)))), unreadable()),
    (merge(aba_success(amount=read(Money(1, KHR))), alert()), unreadable()),
    (alert(), unreadable()),
    (aba_success(), unreadable()),
    (merge(aba_success(), bank_found(**HASH)), matches(Reason.BANK_FOUND, points=10)),
    (bank_found(**HASH), unreadable()),
    (merge(aba_success(), bank_found()), unreadable()),
    (merge(aba_success(amount=ABSENT), alert(amount=ABSENT)), unreadable()),
]


@pytest.mark.parametrize(("evidence", "found"), JOINS)
def test_second_sources(evidence: PaymentEvidence, found: Finding) -> None:
    """A bound alert with an id of the picture is strong, other alerts of its amount are firm."""
    assert found == rules.confirmation(case(evidence))


def test_the_payment_of_an_own_code() -> None:
    """That the bank found the payment of our code is a strong confirmation of its own."""
    wanted = matches(Reason.BANK_FOUND, points=20)
    given = case(bank_found(), own_codes=frozenset({OWN_CODE}))
    assert wanted == rules.confirmation(given)


def row_of(facts: dict[str, Any]) -> RuleOutcome:
    """Return a row of the table that matches and gives no points unless said."""
    return RuleOutcome(**{"result": Result.MATCH, "cap": 100, "points": 0, **facts})


WHOLE: tuple[dict[str, Any], ...] = (
    {"rule": "receipt"},
    {"rule": "outcome"},
    {"rule": "direction"},
    {
        "rule": "amount",
        "points": 35,
        "code": Reason.AMOUNT_MATCH,
        "expected": "25000 KHR",
        "seen": "25000 KHR",
        "source": Source.BANK_ALERT,
    },
    {"rule": "currency", "expected": "KHR", "seen": "KHR"},
    {
        "rule": "recipient",
        "points": 20,
        "code": Reason.RECIPIENT_MATCH,
        "expected": " / ".join(sorted(NAMES)),
        "seen": f"{NAMES[0]} 010 959 385",
        "source": Source.BANK_ALERT,
    },
    {"rule": "bank", "expected": "ABA", "seen": "ABA", "source": Source.BANK_ALERT},
    {"rule": "reference", "points": 15, "seen": "acleda.ref 62570012345"},
    {
        "rule": "time",
        "points": 8,
        "expected": "2026-09-13T01:21:00+00:00/2026-09-14T03:36:00+00:00",
        "seen": "2026-09-14T03:21:00+00:00",
        "source": Source.BANK_ALERT,
    },
    {
        "rule": "reference_date",
        "points": 4,
        "expected": "2026-09-14",
        "seen": "2026-09-14",
    },
    {"rule": "target", "points": 5, "expected": "INV-2026-000001"},
    {"rule": "bank_answer"},
    {"rule": "suspicion"},
    {"rule": "consistency"},
    {"rule": "policy"},
    {"rule": "payer_known", "result": Result.UNREADABLE},
    {"rule": "labelled", "points": 5},
    {"rule": "amount_twice", "points": 5},
    {"rule": "confirmation", "result": Result.UNREADABLE},
)
ID = InvoiceId(FIRST.payment)


def test_a_whole_verdict() -> None:
    """A verdict has every row in table order, its versions and what it was judged on."""
    source: dict[str, Any] = {"source": Source.BANK_ALERT}
    amount = attrs.evolve(PERFECT.amount, **source)
    evidence = attrs.evolve(
        PERFECT,
        amount=amount,
        paid_at=attrs.evolve(PERFECT.paid_at, **source),
        recipient_name=attrs.evolve(PERFECT.recipient_name, **source),
        recipient_bank=attrs.evolve(PERFECT.recipient_bank, **source),
        engine_versions=("one 1", "two 2"),
    )
    wanted = MatchVerdict(
        decision=Decision.APPROVE,
        points=97,
        outcomes=tuple(row_of(row) for row in WHOLE),
        reasons=(Reason.AMOUNT_MATCH, Reason.RECIPIENT_MATCH),
        versions=Versions(
            rules=rules.RULES_VERSION, tables=TABLES_VERSION, engines=("one 1", "two 2")
        ),
        invoice=ID,
    )
    assert wanted == judge(evidence, due(invoice=ID))


def test_a_duplicate_names_its_first_use() -> None:
    """A duplicate carries the first use, asks nobody and says why first."""
    used = UsedReferences(first=FIRST)
    verdict = judge(PERFECT, used=used)
    assert (Decision.DUPLICATE, FIRST, None) == (verdict.decision, verdict.first_use, verdict.ask)
    assert (0, "reference_used") == (verdict.points, codes(verdict)[0])
    assert judge(PERFECT).first_use is None


def test_notes_of_the_evidence_are_told_once() -> None:
    """Known notes follow the reasons, unknown ones are left out, and each is told once."""
    noted = attrs.evolve(PERFECT, notes=("sources_disagree", "amount_match", "no such note"))
    wanted = ["amount_match", "recipient_match", "sources_disagree"]
    assert wanted == codes(judge(noted))


def test_reasons_by_cap_then_in_table_order() -> None:
    """The lowest cap comes first; a rule that only adds points is no reason."""
    weak = attrs.evolve(
        PERFECT, outcome=UNREADABLE, direction=ABSENT, debited=ABSENT, amount=read(DUE)
    )
    verdict = judge(weak)
    assert ["direction_unreadable", "outcome_unreadable"] == codes(verdict)
    assert (Decision.REVIEW, Ask.MEMBER) == (verdict.decision, verdict.ask)
    unread = attrs.evolve(PERFECT, receipt=ABSENT, labels=0, amount=UNREADABLE)
    assert Ask.CUSTOMER is judge(unread).ask
    assert ["unreadable", "amount_unreadable"] == codes(judge(unread))


def test_points_and_caps_of_a_row() -> None:
    """A finding's own points and cap count up to the table's; another gate must be open."""
    plain = {rule.name: matches() for rule in rules.RULES}
    assert 120 == sum(row.points for row in scored(plain))
    assert 100 == total(scored(plain))
    low = scored({**plain, "recipient": matches(points=15), "time": matches(points=99)})
    points = {row.rule: row.points for row in low}
    assert (15, 8) == (points["recipient"], points["time"])
    closed = scored({**plain, "currency": unreadable(), "amount": unreadable()})
    points = {row.rule: row.points for row in closed}
    assert (0, 0) == (points["amount"], points["amount_twice"])
    assert 60 == total(closed)
    capped = Finding(result=Result.DIFFERS, code=Reason.IN_FUTURE, cap=20)
    assert 20 == total(scored({**plain, "time": capped}))
    assert 40 == total(scored({**plain, "time": attrs.evolve(capped, cap=90)}))
    assert {None} == {row.source for row in scored(plain)}
