"""The page that a link shows: the invoice, a fresh code to pay it, the receipts that were sent."""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import uuid4

import attrs
import msgspec

from kasa.application.invoicing.sharing import SharedInvoice
from kasa.application.payments.submitting import EvidenceMissing, NewEvidence
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.errors import (
    Conflict,
    Invalid,
    KasaError,
    NotFound,
    Throttled,
    Unavailable,
)
from kasa.domain.kernel.idempotency import IdempotencyKey
from kasa.domain.kernel.ids import RequestId
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from kasa.domain.tenancy.tenant import TenantState
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.routing import Reply, Route, Sent, Who
from kasa.entrypoints.http.sharing.words import said, why
from kasa.entrypoints.http.site import page
from kasa.entrypoints.opened import OpenKasa

PAYABLE = {InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE}
IDEM_LIMIT = 64
WrongCode = Annotated[str, msgspec.Meta(pattern=r"^[a-z_.]{1,60}\Z")]
NO_INDEX = {"x-robots-tag": "noindex, nofollow, noarchive"}


class PageQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The language of the page, when it is not the browser's, and what did not work before."""

    lang: Literal["en", "km"] | None = None
    wrong: WrongCode | None = None


@attrs.frozen(kw_only=True)
class Receipt:
    """One receipt that was sent, in words for who sent it."""

    headline: str
    more: tuple[str, ...] = ()


def show(call: Call) -> Sent:
    """Show an invoice to whoever has a link to it."""
    return _page(call, _shared(call))


def send(call: Call) -> Reply:
    """Send a receipt for the invoice of a link; then its page is shown again."""
    shared = _shared(call)
    try:
        if not _may_send(shared):
            raise NotFound
        pictures = tuple(call.files[name].read() for name in sorted(call.files))
        if not any(pictures):
            raise EvidenceMissing
        actor = _keyed(call, shared.actor, pictures)
        new = NewEvidence(pictures=pictures, invoice=shared.invoice.id)
        call.do(call.opened.kasa.payments.submit, actor, new)
    except (Invalid, Conflict, Throttled, Unavailable) as error:
        return _back(call, wrong=error.code)
    return _back(call)


def _back(call: Call, **told: str) -> Reply:
    """Return the answer that leads a browser back to the page."""
    told = {**({"lang": call.query.lang} if call.query.lang else {}), **told}
    query = f"?{urlencode(told)}" if told else ""
    headers = {"location": f"/i/{call.text('token')}{query}", **NO_INDEX}
    return Reply(status=303, headers=headers)


def code(call: Call) -> Sent:
    """Send the code that asks for what is due, as a picture."""
    shared = _shared(call)
    shown = _code(call, shared)
    if shown is None:
        raise NotFound
    picture = call.opened.draw_code(shown.payload)
    return Sent(content=picture, media_type="image/png", file_name="khqr.png", inline=True)


def printed(call: Call) -> Sent:
    """Send the printed invoice of a link."""
    shared = _shared(call)
    found = _copy(call, shared)
    if found is None:
        raise NotFound
    return Sent(
        content=call.opened.kasa.files.fetch(Actor.system(shared.actor.tenant), found.file),
        media_type="application/pdf",
        file_name=f"{shared.document.number}.pdf",
        inline=True,
    )


def _shared(call: Call) -> SharedInvoice:
    return call.opened.kasa.invoicing.open_link(call.text("token"))


def _keyed(call: Call, actor: Actor, pictures: tuple[bytes, ...]) -> Actor:
    """Return who sends, under the key of the form, so that sending it twice is once."""
    actor = attrs.evolve(actor, request=RequestId(call.request_id))
    given = call.fields.get("_idem", "")
    if not given or len(given) > IDEM_LIMIT or not given.isascii() or not given.isprintable():
        return actor
    digest = sha256(b"".join(sha256(one).digest() for one in pictures)).hexdigest()
    key = IdempotencyKey(given, call.route.template, digest)
    return attrs.evolve(actor, idempotency=key)


def _may_send(shared: SharedInvoice) -> bool:
    sendable = shared.shop.state in {TenantState.OPEN, TenantState.SUSPENDED}
    return sendable and shared.invoice.state in PAYABLE and shared.invoice.due_minor > 0


def _code(call: Call, shared: SharedInvoice) -> Any:
    if not shared.is_open or shared.invoice.state not in PAYABLE or shared.invoice.due_minor <= 0:
        return None
    with suppress(KasaError):
        again = call.opened.kasa.payments.shown_code
        return call.do(again, shared.actor, shared.invoice.id, shared.invoice.due)
    return None


def _copy(call: Call, shared: SharedInvoice) -> Any:
    reader = Actor.system(shared.actor.tenant)
    copies = call.opened.kasa.invoicing.queries.invoice(reader, shared.invoice.id).copies
    return copies[-1] if copies else None


def _language(call: Call) -> str:
    return call.query.lang or call.language


def _notice(shared: SharedInvoice) -> str:
    if shared.shop.state is TenantState.SUSPENDED:
        return "This shop is paused, ask it before you pay."
    if not shared.is_open:
        return "This shop is closed, do not pay."
    if shared.invoice.state is InvoiceState.PAID:
        return "This invoice is paid. Thank you!"
    if shared.invoice.state is InvoiceState.VOID:
        return "This invoice is not valid any more."
    return ""


def _page(call: Call, shared: SharedInvoice) -> Sent:
    language = _language(call)
    code = _code(call, shared)
    sent = call.opened.kasa.payments.sent.by(shared.actor)
    return attrs.evolve(
        page(
            "invoice.html",
            language=language,
            said=lambda message: said(message, language),
            here=f"/i/{call.text('token')}",
            kept=f"?lang={call.query.lang}" if call.query.lang else "",
            wrong="" if call.query.wrong is None else why(call.query.wrong, language),
            notice=said(_notice(shared), language),
            code=code is not None,
            may_send=_may_send(shared),
            idem=uuid4().hex,
            has_pdf=_copy(call, shared) is not None,
            refresh=any(one.state is PaymentState.SUBMITTED for one in sent),
            receipts=[_receipt(call, one, language) for one in sent],
            **_figures(call, shared),
        ),
        headers=NO_INDEX,
    )


def _figures(call: Call, shared: SharedInvoice) -> Mapping[str, Any]:
    document, invoice, money = shared.document, shared.invoice, call.opened.money_text
    payable = shared.is_open and invoice.state in PAYABLE and invoice.due_minor > 0
    accounts = document.accounts if payable else ()
    return {
        "number": document.number,
        "seller": document.seller.name,
        "seller_km": document.seller.name_km,
        "buyer": "" if document.buyer is None else document.buyer.name,
        "issued": f"{document.issue_date:%d/%m/%Y}",
        "due_date": "" if document.due_date is None else f"{document.due_date:%d/%m/%Y}",
        "gross": money(document.gross),
        "due": money(invoice.due),
        "riel": money(invoice.riel_due) if payable and invoice.riel_due is not None else "",
        "lines": [
            {"text": one.text, "quantity": f"{one.quantity:f}", "amount": money(one.amount)}
            for one in document.lines
        ],
        "accounts": [f"{one.bank} {one.number} {one.name}" for one in accounts],
    }


def _receipt(call: Call, payment: Payment, language: str) -> Receipt:
    if payment.state is PaymentState.REJECTED:
        message = "The shop has turned this receipt down; ask it."
        return Receipt(headline=said(message, language))
    if payment.inputs is None or payment.verdict is None:
        waits = payment.state is PaymentState.SUBMITTED
        message = "We are reading your receipt." if waits else "The shop has your receipt."
        return Receipt(headline=said(message, language))
    told = call.opened.kasa.payments.tell(
        payment.inputs, payment.verdict, audience="customer", language=language
    )
    more = tuple(one.words for one in told.reasons if one.words != told.decided)
    return Receipt(headline=told.decided, more=(*more, *filter(None, [told.next_step])))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of the customer's page."""
    del opened
    path, texts = "/i/{token}", frozenset({"token"})
    return (
        Route(
            method="GET",
            path=path,
            handle=show,
            query=PageQuery,
            texts=texts,
            who=Who.PUBLIC,
            root=True,
            media_types=("text/html",),
        ),
        Route(
            method="POST",
            path=f"{path}/evidence",
            handle=send,
            query=PageQuery,
            texts=texts,
            who=Who.PUBLIC,
            root=True,
            status=303,
            also=((303, None),),
            upload=True,
        ),
        Route(
            method="GET",
            path=f"{path}/khqr.png",
            handle=code,
            texts=texts,
            who=Who.PUBLIC,
            root=True,
            media_types=("image/png",),
        ),
        Route(
            method="GET",
            path=f"{path}/pdf",
            handle=printed,
            texts=texts,
            who=Who.PUBLIC,
            root=True,
            media_types=("application/pdf",),
        ),
    )
