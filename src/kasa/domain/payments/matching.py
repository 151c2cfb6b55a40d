"""The verdict on a payment: gates cap, evidence adds, and the machine never rejects."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import attrs

from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.payments.banks.tables import TABLES_VERSION
from kasa.domain.payments.case import BankAnswer, Case, Part
from kasa.domain.payments.evidence import PaymentEvidence, Source
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.finding import Finding, Result
from kasa.domain.payments.merging import merge
from kasa.domain.payments.reasons import ASK_CUSTOMER, Reason
from kasa.domain.payments.references import FirstUse, UsedReferences
from kasa.domain.payments.rules import RULES, RULES_VERSION, Rule

POINTS_LIMIT = 100

HEALED = frozenset({"receipt", "bank_answer", "policy"})
"""Gates that another source may settle: a bank speaks where a picture is none, or is asked for."""


class Decision(StrEnum):
    """What the machine may decide; to reject is left to people."""

    APPROVE = "approve"
    DUPLICATE = "duplicate"
    WAIT = "wait"
    REVIEW = "review"


class Ask(StrEnum):
    """Who can help a payment that goes to review."""

    CUSTOMER = "customer"
    MEMBER = "member"


@attrs.frozen(kw_only=True)
class MatchInputs:
    """Everything that a verdict depends on; stored with it, so that it can be replayed.

    ``expected`` is never empty: the target alone, or the candidates. ``parts`` are the other
    receipts of its submission, when their amounts count together.
    """

    evidence: PaymentEvidence
    expected: tuple[ExpectedPayment, ...] = attrs.field(validator=attrs.validators.min_len(1))
    used: UsedReferences = attrs.field(factory=UsedReferences)
    at: datetime
    bank: BankAnswer = BankAnswer.NOT_ASKED
    try_again_at: datetime | None = None
    parts: tuple[Part, ...] = ()


@attrs.frozen(kw_only=True)
class RuleOutcome:
    """One row of the table as it was judged; ``cap`` is what the payment could still reach."""

    rule: str
    result: Result
    points: int
    cap: int
    code: Reason | None = None
    detail: str = ""
    expected: str = ""
    seen: str = ""
    source: Source | None = None
    notes: tuple[Reason, ...] = ()


@attrs.frozen(kw_only=True)
class Versions:
    """What judged: rules, bank tables, and the engines that read."""

    rules: str
    tables: str
    engines: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class MatchVerdict:
    """How sure we are that an invoice was paid, what follows, and why.

    ``outcomes`` are in table order; ``reasons`` by cap, then in table order. ``invoice`` is the one
    it was judged against, if any. ``points`` are 0 to 100.
    """

    decision: Decision
    points: int
    outcomes: tuple[RuleOutcome, ...]
    reasons: tuple[Reason, ...]
    versions: Versions
    invoice: InvoiceId | None = None
    first_use: FirstUse | None = None
    ask: Ask | None = None
    try_again_at: datetime | None = None

    def outcome(self, rule: str) -> RuleOutcome:
        """Return the row of a gate or rule by its name."""
        return next(row for row in self.outcomes if row.rule == rule)

    @property
    def has_difference(self) -> bool:
        """Whether a gate differs; to approve it, a person gives a reason."""
        return any(row.result is Result.DIFFERS for row in self.outcomes)


def match(inputs: MatchInputs) -> MatchVerdict:
    """Judge a payment; pure, so the same inputs give the same verdict again."""
    amount = inputs.evidence.known(inputs.evidence.amount)
    fitting = sum(amount in one.amounts for one in inputs.expected)
    judged = [(one, _judge(inputs, one, fitting)) for one in inputs.expected]
    target, outcomes = max(judged, key=lambda pair: total(pair[1]))
    points = total(outcomes)
    decision = _decide(inputs, target, outcomes, points)
    reasons = _reasons(inputs, outcomes, decision)
    return MatchVerdict(
        decision=decision,
        points=points,
        outcomes=outcomes,
        reasons=reasons,
        versions=Versions(
            rules=RULES_VERSION,
            tables=TABLES_VERSION,
            engines=inputs.evidence.engine_versions,
        ),
        invoice=target.invoice,
        first_use=inputs.used.first if decision is Decision.DUPLICATE else None,
        ask=_ask(reasons) if decision is Decision.REVIEW else None,
        try_again_at=_try_again_at(inputs, target) if decision is Decision.WAIT else None,
    )


def total(outcomes: tuple[RuleOutcome, ...]) -> int:
    """Return the points of a verdict: the sum of its rows, at most the lowest cap."""
    lowest = min(row.cap for row in outcomes)
    return min(POINTS_LIMIT, lowest, sum(row.points for row in outcomes))


def _judge(inputs: MatchInputs, expected: ExpectedPayment, fitting: int) -> tuple[RuleOutcome, ...]:
    case = Case(
        evidence=inputs.evidence,
        expected=expected,
        used=inputs.used,
        at=inputs.at,
        bank=inputs.bank,
        fitting=fitting,
        parts=inputs.parts,
    )
    findings = {rule.name: rule.judge(case) for rule in RULES}
    return scored({**findings, **_kept_differences(case, findings)}, inputs.evidence)


def _kept_differences(case: Case, findings: Mapping[str, Finding]) -> dict[str, Finding]:
    """Return what differs by one source alone: another source confirms, it never heals."""
    sources = sorted(case.evidence.sources - {Source.MANUAL})
    if len(sources) < 2:
        return {}
    alone = [attrs.evolve(case, evidence=_said_by(source, case.evidence)) for source in sources]
    kept: dict[str, Finding] = {}
    for rule in RULES:
        if rule.name in HEALED or findings[rule.name].result is Result.DIFFERS:
            continue
        found = (rule.judge(each) for each in alone)
        different = next((one for one in found if one.result is Result.DIFFERS), None)
        if different is not None:
            kept[rule.name] = different
    return kept


def _said_by(source: Source, evidence: PaymentEvidence) -> PaymentEvidence:
    return merge(*(part for part in evidence.atoms if part.source is source))


def scored(
    findings: Mapping[str, Finding], evidence: PaymentEvidence | None = None
) -> tuple[RuleOutcome, ...]:
    """Return the findings as rows of the table, with the points and caps that they have."""
    return tuple(_row(rule, findings, evidence) for rule in RULES)


def _row(
    rule: Rule, findings: Mapping[str, Finding], evidence: PaymentEvidence | None
) -> RuleOutcome:
    found = findings[rule.name]
    matched = found.result is Result.MATCH
    opened = not rule.gate or findings[rule.gate].result is Result.MATCH
    given = min(found.points or rule.points, rule.points)
    caps = {
        Result.MATCH: POINTS_LIMIT,
        Result.DIFFERS: rule.differs if found.cap is None else min(found.cap, rule.differs),
        Result.UNREADABLE: rule.unreadable,
    }
    return RuleOutcome(
        rule=rule.name,
        result=found.result,
        points=given if matched and opened else 0,
        cap=caps[found.result],
        code=found.code,
        detail=found.detail,
        expected=found.expected,
        seen=found.seen,
        source=_source(rule.name, evidence),
        notes=found.notes,
    )


def _source(rule: str, evidence: PaymentEvidence | None) -> Source | None:
    field = {"time": "paid_at", "recipient": "recipient_name", "bank": "recipient_bank"}
    reading = getattr(evidence, field.get(rule, rule), None)
    return getattr(reading, "source", None)


def _decide(
    inputs: MatchInputs,
    target: ExpectedPayment,
    outcomes: tuple[RuleOutcome, ...],
    points: int,
) -> Decision:
    if inputs.used.first is not None:
        return Decision.DUPLICATE
    if points >= target.policy.threshold:
        return Decision.APPROVE
    differing = {row.code for row in outcomes if row.result is Result.DIFFERS}
    if inputs.bank is BankAnswer.DUE and differing <= {Reason.BANK_WAITING}:
        return Decision.WAIT
    if differing == {Reason.BANK_WAITING}:
        alone = tuple(row for row in outcomes if row.code is not Reason.BANK_WAITING)
        if total(alone) >= target.policy.threshold:
            return Decision.WAIT
    return Decision.REVIEW


def _reasons(
    inputs: MatchInputs, outcomes: tuple[RuleOutcome, ...], decision: Decision
) -> tuple[Reason, ...]:
    limiting = sorted(
        (row for row in outcomes if row.result is not Result.MATCH and row.cap < POINTS_LIMIT),
        key=lambda row: row.cap,
    )
    codes = [code for row in limiting for code in (row.code, *row.notes) if code is not None]
    threshold = inputs.expected[0].policy.threshold
    if decision is Decision.REVIEW and all(row.cap >= threshold for row in outcomes):
        codes.append(Reason.BELOW_THRESHOLD)
    if inputs.bank is BankAnswer.DUE and decision is Decision.WAIT:
        codes.append(Reason.BANK_WAITING)
    agreeing = [row for row in outcomes if row.result is Result.MATCH]
    if decision is Decision.APPROVE:
        codes += [row.code for row in agreeing if row.code is not None]
    codes += [note for row in agreeing for note in row.notes]
    known = set(Reason)
    codes += [Reason(note) for note in inputs.evidence.notes if note in known]
    return tuple(dict.fromkeys(codes))


def _ask(reasons: tuple[Reason, ...]) -> Ask:
    return Ask.CUSTOMER if reasons and reasons[0] in ASK_CUSTOMER else Ask.MEMBER


def _try_again_at(inputs: MatchInputs, target: ExpectedPayment) -> datetime | None:
    if inputs.bank is BankAnswer.DUE or target.policy.await_alert is None:
        return inputs.try_again_at
    return target.submitted_at + target.policy.await_alert
