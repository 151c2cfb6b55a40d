"""Evidence over HTTP: uploaded, waited for, read, explained, looked at."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec

from kasa.application.payments.submitting import (
    PICTURES_LIMIT,
    EvidenceMissing,
    NewEvidence,
    Submitted,
    TooManyPictures,
    TooMuchEvidence,
)
from kasa.application.payments.telling import RowText, VerdictText
from kasa.domain.kernel.errors import Conflict
from kasa.domain.kernel.ids import EvidenceId, InvoiceId
from kasa.domain.payments.states import PaymentState
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.payments.shapes import (
    EvidenceOut,
    EvidenceTaken,
    FieldShown,
    evidence_out,
    fields_of,
    references_of,
)
from kasa.entrypoints.http.routing import Later, Reply, Route, Sent
from kasa.entrypoints.http.unreadable import Unreadable
from kasa.entrypoints.opened import OpenKasa

WAIT_MOST = 25
REFUSED = (EvidenceMissing, TooManyPictures, TooMuchEvidence)


class InvoiceMalformed(Unreadable):
    """The field invoice_id is the identifier of an invoice."""

    code = "evidence.invoice_malformed"


class NotYetJudged(Conflict):
    """This evidence was not judged yet."""

    code = "evidence.not_judged"


class RowShown(msgspec.Struct, frozen=True, kw_only=True):
    """One check: what was expected and seen, what it gave, and that in words."""

    rule: str
    label: str
    result: str
    words: str
    points: int
    cap: int
    expected: str
    seen: str


class WordShown(msgspec.Struct, frozen=True, kw_only=True):
    """A reason: its code, and that in words."""

    code: str
    words: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict with every check that led to it, what judged, and all of it in words."""

    decision: str
    points: int
    asks: str
    decided: str
    headline: str
    next_step: str
    reasons: tuple[WordShown, ...]
    rows: tuple[RowShown, ...]
    rules_version: str
    tables_version: str
    engines: tuple[str, ...]
    layout: str
    fields: dict[str, FieldShown]
    references: dict[str, FieldShown]


def pictures_of(call: Call) -> tuple[bytes, ...]:
    """Return the pictures of an upload in the order of their fields' names."""
    if len(call.files) > PICTURES_LIMIT:
        raise TooManyPictures(limit=PICTURES_LIMIT)
    return tuple(call.files[name].read() for name in sorted(call.files))


def submit(call: Call) -> Any:
    """Send pictures of a receipt; they are read, judged, and settle an invoice or go to review."""
    invoice = InvoiceId(call.id("invoice_id")) if "invoice_id" in call.path else None
    sent: Submitted = call.served(NewEvidence(pictures=pictures_of(call), invoice=invoice))
    return taken(call, sent)


def taken(call: Call, sent: Submitted) -> Any:
    """Answer what was made of an upload, at once or when it is judged in the time to wait."""
    look = _looking(call, sent)
    now = look()
    first = now.value.evidence[0]
    at = {"location": f"/api/v1/evidence/{first.id}"}
    accepted = Reply(value=now.value, status=202, headers=at)
    if all(one.duplicate_of is not None for one in now.value.evidence):
        return now
    seconds = wait_of(call.headers.get("prefer", ""))
    done = _done(now)
    if not seconds:
        return accepted
    return (
        now if done else Later(look=lambda: _when_done(look), otherwise=accepted, seconds=seconds)
    )


def _looking(call: Call, sent: Submitted) -> Callable[[], Reply]:
    evidence = call.opened.kasa.payments.evidence
    known = dict(zip((one.id for one in sent.payments), sent.known, strict=False))

    def look() -> Reply:
        found = [
            evidence_out(shown, known.get(payment.id))
            for payment in sent.payments
            for shown in call.look(evidence.of_payment, payment.id)
        ]
        return Reply(value=EvidenceTaken(evidence=tuple(found)), status=200)

    return look


def _done(reply: Reply) -> bool:
    states = {one.payment.state for one in reply.value.evidence}
    return PaymentState.SUBMITTED.value not in states


def _when_done(look: Callable[[], Reply]) -> Reply | None:
    found = look()
    return found if _done(found) else None


def wait_of(prefer: str) -> float:
    """Return for how many seconds a caller wants to wait, 0 to 25; nonsense is 0 (RFC 7240)."""
    for part in prefer.lower().split(","):
        name, _, value = part.partition(";")[0].partition("=")
        digits = value.strip().strip('"')
        if name.strip() == "wait" and digits.isascii() and digits.isdigit():
            return min(int(digits[:3]), WAIT_MOST)
    return 0


def one(call: Call) -> EvidenceOut:
    """Show a piece of evidence: what was read of it, and its payment."""
    return evidence_out(call.served(EvidenceId(call.id("evidence_id"))))


def explanation(call: Call) -> Explanation:
    """Explain the verdict on a piece of evidence: every check, its points, its words."""
    shown = call.served(EvidenceId(call.id("evidence_id")))
    return explained(call, shown.payment)


def explained(call: Call, payment: Any) -> Explanation:
    """Return a stored verdict in the caller's language, or raise ``evidence.not_judged``."""
    if payment.inputs is None or payment.verdict is None:
        raise NotYetJudged
    return told(call, payment.inputs, payment.verdict)


def told(call: Call, inputs: Any, verdict: Any) -> Explanation:
    """Return a verdict with its checks, in the caller's language."""
    words: VerdictText = call.opened.kasa.payments.tell(inputs, verdict, language=call.language)
    return Explanation(
        decision=verdict.decision.value,
        points=verdict.points,
        asks="" if verdict.ask is None else verdict.ask.value,
        decided=words.decided,
        headline=words.headline,
        next_step=words.next_step,
        reasons=tuple(WordShown(code=one.code, words=one.words) for one in words.reasons),
        rows=tuple(map(_row, words.rows)),
        rules_version=verdict.versions.rules,
        tables_version=verdict.versions.tables,
        engines=verdict.versions.engines,
        layout=inputs.evidence.layout,
        fields=fields_of(inputs.evidence),
        references=references_of(inputs.evidence),
    )


def _row(row: RowText) -> RowShown:
    return RowShown(
        rule=row.rule,
        label=row.label,
        result=row.result,
        words=row.words,
        points=row.points,
        cap=row.cap,
        expected=row.expected,
        seen=row.seen,
    )


def image(call: Call) -> Sent:
    """Return the picture of a receipt: pixels alone, without anything else of the file sent."""
    found = call.served(EvidenceId(call.id("evidence_id")))
    return Sent(
        content=found.data,
        media_type=found.file.media_type,
        file_name="receipt.png" if found.file.media_type == "image/png" else "receipt.jpg",
        inline=True,
    )


def explain(call: Call) -> Explanation:
    """Read and judge a picture against an invoice, else the open ones; nothing is stored."""
    pictures = pictures_of(call)
    if not pictures:
        raise EvidenceMissing
    if len(pictures) > 1:
        raise TooManyPictures(limit=1)
    seen = call.served(pictures[0], _invoice(call.fields.get("invoice_id", "")))
    return told(call, seen.inputs, seen.verdict)


def _invoice(text: str) -> InvoiceId | None:
    if not text:
        return None
    try:
        return InvoiceId(UUID(text))
    except ValueError as error:
        raise InvoiceMalformed from error


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of evidence."""
    use = opened.kasa.payments
    return (
        *(
            Route(
                method="POST",
                path=path,
                serves=use.submit,
                handle=submit,
                answers=EvidenceTaken,
                status=202,
                also=((200, EvidenceTaken),),
                upload=True,
                refuses=REFUSED,
            )
            for path in ("/evidence", "/invoices/{invoice_id}/evidence")
        ),
        Route(
            method="GET",
            path="/evidence/{evidence_id}",
            serves=use.evidence.evidence,
            handle=one,
            answers=EvidenceOut,
        ),
        Route(
            method="GET",
            path="/evidence/{evidence_id}/explanation",
            serves=use.evidence.evidence,
            handle=explanation,
            answers=Explanation,
            refuses=(NotYetJudged,),
        ),
        Route(
            method="GET",
            path="/evidence/{evidence_id}/image",
            serves=use.picture,
            handle=image,
            media_types=("image/png", "image/jpeg"),
        ),
        Route(
            method="POST",
            path="/payments/explain",
            serves=use.explain,
            handle=explain,
            answers=Explanation,
            keyed=False,
            upload=True,
            refuses=REFUSED,
        ),
    )
