"""A verdict as people read it: what was read, every gate and rule, and the reasons in words."""

from collections.abc import Callable, Iterator
from datetime import datetime

from rich.console import RenderableType

from kasa.domain.kernel.money import Money
from kasa.domain.payments.evidence import FieldReading, PaymentEvidence
from kasa.domain.payments.matching import Decision, MatchVerdict
from kasa.entrypoints.cli.plain import moment
from kasa.entrypoints.cli.screen import table

Say = Callable[[str], str]
"""Puts a reason code into words."""

FIELDS = (
    "receipt",
    "outcome",
    "direction",
    "amount",
    "currency",
    "debited",
    "fee",
    "paid_at",
    "recipient_name",
    "recipient_account",
    "recipient_bank",
    "payer_name",
    "payer_account",
    "remark",
    "bill_number",
)
WORDS = {
    Decision.APPROVE: "Approve",
    Decision.DUPLICATE: "Duplicate",
    Decision.WAIT: "Wait",
    Decision.REVIEW: "A person has to look",
}


def fields(evidence: PaymentEvidence) -> Iterator[tuple[str, FieldReading[object]]]:
    """Yield every field that was read or lost, references by their scheme."""
    for name in FIELDS:
        yield name, getattr(evidence, name)
    for scheme, reading in evidence.references.items():
        yield f"reference {scheme}", reading  # type: ignore[misc]  # a reading of any type


def _said(value: object) -> str:
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, datetime):
        return moment(value)
    return str(getattr(value, "code", value))


def read_table(evidence: PaymentEvidence) -> RenderableType:
    """Return what the picture says, field by field."""
    rows = []
    for name, reading in fields(evidence):
        if reading.is_read or reading.candidates or reading.state != "absent":
            seen = [reading.value] if reading.is_read else list(reading.candidates)
            rows.append((name, reading.state.value, " | ".join(map(_said, seen))))
    return table(("field", "state", "value"), [("layout", "", evidence.layout), *rows])


def rule_table(verdict: MatchVerdict) -> RenderableType:
    """Return every gate and rule with its result, points and cap."""
    rows = [
        (
            row.rule,
            row.result.value,
            row.points or "",
            row.cap if row.cap < 100 else "",  # 100 caps nothing
            row.code or "",
            row.expected,
            row.seen,
        )
        for row in verdict.outcomes
    ]
    return table(("check", "result", ">points", ">cap", "code", "expected", "seen"), rows)


def summary(verdict: MatchVerdict, say: Say) -> str:
    """Return the verdict in words: decision, points, and a sentence for each reason."""
    lines = [f"{WORDS[verdict.decision]} ({verdict.points} of 100 points)"]
    if verdict.first_use is not None:
        use = verdict.first_use
        lines.append(f"First used on {moment(use.at)} for invoice {use.invoice_number or 'none'}")
    reasons = verdict.reasons[:1] if verdict.first_use is not None else verdict.reasons
    lines += [f"- {say(code) or code} ({code})" for code in reasons]
    return "\n".join(lines)
