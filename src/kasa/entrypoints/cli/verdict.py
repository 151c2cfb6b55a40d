"""A verdict as people read it: what was read, every gate and rule, and the reasons in words."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import wraps
from typing import Any

import attrs
import click
from rich.console import RenderableType

from kasa.application.payments.telling import AUDIENCES, LANGUAGES, VerdictText
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.kernel.money import Money
from kasa.domain.payments.effort import offers_second_engine
from kasa.domain.payments.evidence import FieldReading, PaymentEvidence
from kasa.domain.payments.matching import Decision
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from kasa.entrypoints.cli.given import identifier, naming
from kasa.entrypoints.cli.request import Request
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.plain import moment


@attrs.frozen
class Spoken:
    """For whom and in which language a verdict is said."""

    audience: str = AUDIENCES[0]
    language: str = LANGUAGES[0]


def spoken(call: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--language`` and ``--for``; they reach it as one ``spoken``."""

    @wraps(call)
    def with_spoken(*arguments: Any, language: str, audience: str, **options: Any) -> Any:
        return call(*arguments, spoken=Spoken(audience, language), **options)

    reader = click.option(
        "--for",
        "audience",
        type=click.Choice(AUDIENCES),
        default=AUDIENCES[0],
        show_default=True,
        help="Who reads the words; a customer never learns a suspicion.",
    )
    tongue = click.option(
        "--language",
        type=click.Choice(LANGUAGES),
        default=LANGUAGES[0],
        show_default=True,
        help="The language of the words.",
    )
    return reader(tongue(with_spoken))


KHMER = "khm"
ENDS = (PaymentState.APPROVED, PaymentState.REJECTED, PaymentState.REVERSED)
SECOND_OPINION = (
    "The second engine did not read it and might help: install kasa-till[ocr2] where it is "
    "missing, then kasa review read-again"
)
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
    about = [("layout", "", evidence.layout)]
    if evidence.engine_versions:
        khmer = any(version.startswith(KHMER) for version in evidence.engine_versions)
        read = "" if khmer else "English only"
        about.append(("read by", read, ", ".join(evidence.engine_versions)))
    return table(("field", "state", "value"), [*about, *rows])


def rule_table(text: VerdictText) -> RenderableType:
    """Return every gate and rule with its result, points, cap and sentence."""
    rows = [
        (
            row.rule,
            row.result_words,
            row.points or "",
            row.cap if row.cap < 100 else "",  # 100 caps nothing
            row.words,
            row.expected,
            row.seen,
        )
        for row in text.rows
    ]
    return table(("check", "result", ">points", ">cap", "in words", "expected", "seen"), rows)


def summary(text: VerdictText) -> str:
    """Return the verdict in words: decision, a sentence for each reason, and what to do."""
    lines = [text.decided, *([text.first_use] if text.first_use else [])]
    lines += [f"- {one.words} ({one.code})" for one in text.reasons]
    lines += [one for one in (text.asked_words, text.next_step) if one]
    return "\n".join(lines)


def told(opened: OpenKasa, payment: Payment, spoken: Spoken) -> VerdictText | None:
    """Return the verdict of a stored payment in words; None while it was not judged."""
    if payment.inputs is None or payment.verdict is None:
        return None
    return opened.kasa.payments.tell(
        payment.inputs,
        payment.verdict,
        audience=spoken.audience,
        language=spoken.language,
    )


def show_payment(request: Request, opened: OpenKasa, given: str, spoken: Spoken) -> None:
    """Show a stored payment: what was read of it, every check, and the verdict in words."""
    with naming("payment", given):
        wanted = PaymentId(identifier(given, "payment"))
        seen = opened.kasa.payments.queries.payment(request.reader(opened), wanted)
    text = told(opened, seen, spoken)
    parts = (str(seen.id), seen.state.value, seen.invoice_number, str(seen.amount or ""))
    request.screen.show("  ".join(part for part in parts if part))
    if seen.inputs is not None and text is not None:
        if text.rows:
            request.screen.show(read_table(seen.inputs.evidence), "", rule_table(text), "")
        request.screen.show(*_by_hand(seen), summary(text))
        if seen.verdict is not None and offers_second_engine(seen.inputs.evidence, seen.verdict):
            request.screen.show(f"- {SECOND_OPINION} {seen.id}")
    request.screen.answer({"payment": seen, "words": text})


def _by_hand(seen: Payment) -> tuple[str, ...]:
    """Return what a person decided, before the verdict that it went against or ended."""
    by_machine = seen.verdict is not None and seen.verdict.decision is Decision.APPROVE
    if seen.state not in ENDS or (by_machine and seen.state is PaymentState.APPROVED):
        return ()
    reason = f", with the reason: {seen.reason}" if seen.reason else ""
    return (f"A person decided: {seen.state.value}{reason}", "", "kasa had judged:")


def payment_table(payments: Iterable[Any]) -> RenderableType:
    """Return payments as they are listed."""
    heads = ("payment", "submitted", "state", "invoice", ">amount", ">points", "reasons")
    rows = [
        (
            one.id,
            moment(one.submitted_at),
            one.state.value,
            one.invoice_number,
            one.amount,
            one.points,
            ", ".join(one.reasons),
        )
        for one in payments
    ]
    return table(heads, rows)
