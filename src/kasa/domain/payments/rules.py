"""Gates and rules of the verdict, in one table (payments.md, sections 5 and 6).

A gate caps what a payment can reach; a rule adds points. Nothing lifts a payment over a cap.
"""

from collections.abc import Callable

import attrs

from kasa.domain.kernel.text import KHMER_DIGITS
from kasa.domain.payments.case import Case
from kasa.domain.payments.comparisons import (
    labelled_rows,
)
from kasa.domain.payments.evidence import (
    PaymentEvidence,
    Source,
)
from kasa.domain.payments.finding import Finding, matches, unreadable
from kasa.domain.payments.gates import (
    amount,
    bank,
    bank_answer,
    consistency,
    currency,
    direction,
    outcome,
    policy,
    receipt,
    recipient,
    reference,
    reference_date,
    suspicion,
    target,
    time,
)
from kasa.domain.payments.names import NameLikeness, likeness
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import SHORT_HASH, normalised

RULES_VERSION = "2026.3"
"""Rises with every change of a verdict; a digest of the rules stands beside it in the tests."""

TAIL_DIGITS_MIN = 3
STRONG = 20
FIRM = 10
ALERTS = frozenset({Source.BANK_ALERT, Source.ALERT_INGESTED})
PAYER_REFERENCE = "payer.ref"

Judge = Callable[[Case], Finding]


@attrs.frozen
class Rule:
    """A row of the table: a gate has caps, a rule has points, most have both.

    ``points`` is the most it gives when it matches; its function may say less. ``gate`` names
    another gate that has to match before it gives any.
    """

    name: str
    judge: Judge
    differs: int = 100
    unreadable: int = 100
    points: int = 0
    gate: str = ""


def payer_known(case: Case) -> Finding:
    """Find whether this customer paid from this name and account before."""
    evidence = case.evidence
    name, account = evidence.known(evidence.payer_name), evidence.known(evidence.payer_account)
    if name is None or account is None:
        return unreadable()
    shown = "".join(letter for letter in account.translate(KHMER_DIGITS) if letter.isdigit())
    known = any(
        len(hint.account_tail) >= TAIL_DIGITS_MIN
        and shown.endswith(hint.account_tail)
        and likeness(name, hint.name) is NameLikeness.EQUAL
        for hint in case.expected.payer_hints
    )
    return matches() if known else unreadable()


def labelled(case: Case) -> Finding:
    """Find whether reference and time stood where their labels are, and a headline was there."""
    evidence = case.evidence
    reading = evidence.paid_at
    placed = (
        evidence.known(evidence.amount) is not None
        and evidence.known(reading) is not None
        and reading.labelled
        and any(
            one.labelled and evidence.known(one) is not None for one in evidence.references.values()
        )
    )
    return matches() if placed or case.by_bank else unreadable()


def amount_twice(case: Case) -> Finding:
    """Find the headline's amount in a second labelled row, or read by the second engine."""
    headline = case.evidence.known(case.evidence.amount)
    if headline is None:
        return unreadable()
    again = headline in labelled_rows(case.evidence) or case.evidence.amount.engines >= 2
    return matches() if again else unreadable()


def confirmation(case: Case) -> Finding:
    """Find a second source that says the same: strong by an id, else firm."""
    if case.own_code:
        return matches(Reason.BANK_FOUND, points=STRONG)
    headline = case.evidence.known(case.evidence.amount)
    parts = [
        part
        for part in case.evidence.atoms
        if headline is not None and part.known(part.amount) == headline
    ]
    alerts = [part for part in parts if part.source in ALERTS]
    others = [part for part in parts if part.source is Source.SCREENSHOT]
    if alerts and others:
        bound = [part for part in alerts if part.source is Source.BANK_ALERT]
        strong = any(_share_an_id(alert, other) for alert in bound for other in others)
        return matches(Reason.ALERT_JOINED, points=STRONG if strong else FIRM)
    if others and any(part.source is Source.SHORT_HASH for part in parts):
        return matches(Reason.BANK_FOUND, points=FIRM)
    return unreadable()


def _share_an_id(alert: PaymentEvidence, other: PaymentEvidence) -> bool:
    payers = alert.references.get(PAYER_REFERENCE)
    payer = None if payers is None else alert.known(payers)
    return bool(_ids(alert) & _ids(other)) or any(payer == value for _, value in _ids(other))


def _ids(part: PaymentEvidence) -> set[tuple[str, str]]:
    found = {
        (scheme, normalised(scheme, value))
        for scheme, reading in part.references.items()
        if scheme != PAYER_REFERENCE and (value := part.known(reading)) is not None
    }
    hashes = {value[:SHORT_HASH] for scheme, value in found if scheme == "bakong.hash"}
    return found | {("bakong.hash8", short) for short in hashes}


RULES: tuple[Rule, ...] = (
    Rule("receipt", receipt, differs=0, unreadable=50),
    Rule("outcome", outcome, differs=15, unreadable=79),
    Rule("direction", direction, differs=30, unreadable=70),
    Rule("amount", amount, differs=30, unreadable=60, points=35, gate="currency"),
    Rule("currency", currency, differs=20, unreadable=60),
    Rule("recipient", recipient, differs=10, unreadable=70, points=20),
    Rule("bank", bank, differs=40),
    Rule("reference", reference, differs=0, unreadable=75, points=15),
    Rule("time", time, differs=40, unreadable=75, points=8),
    Rule("reference_date", reference_date, differs=50, points=4),
    Rule("target", target, differs=30, unreadable=70, points=5),
    Rule("bank_answer", bank_answer, differs=60),
    Rule("suspicion", suspicion, differs=60),
    Rule("consistency", consistency, differs=60),
    Rule("policy", policy, differs=79),
    Rule("payer_known", payer_known, points=3),
    Rule("labelled", labelled, points=5),
    Rule("amount_twice", amount_twice, points=5, gate="amount"),
    Rule("confirmation", confirmation, points=20),
)
"""The whole verdict, in the order in which it is shown."""

REQUIRED = (
    "receipt",
    "outcome",
    "direction",
    "amount",
    "currency",
    "recipient",
    "reference",
    "time",
    "target",
)
"""Gates that have to match before anything is approved; their caps see to it."""
