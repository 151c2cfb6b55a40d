"""Printed copies and payment codes of invoices over HTTP."""

from typing import Literal

import msgspec

from kasa.application.workflows.documenting import NoCodeAccount, NothingDue
from kasa.domain.kernel.errors import NotFound
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.routing import Route, Sent
from kasa.entrypoints.opened import OpenKasa

ONE = "/invoices/{invoice_id}"


class CopyQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which copy is wanted; the newest unless stated."""

    copy: Literal["original", "paid", "void"] | None = None


def pdf(call: Call) -> Sent:
    """Fetch a printed copy of an issued invoice, the newest unless stated."""
    view = call.served(call.id("invoice_id"))
    wanted = call.query.copy
    copies = [copy for copy in view.copies if wanted in {None, copy.mark}]
    if not copies:
        raise NotFound("There is no such printed copy yet; a draft has none.")
    data = call.opened.kasa.files.fetch(call.actor, copies[-1].file)
    return Sent(
        content=data,
        media_type="application/pdf",
        file_name=f"{view.invoice.number}.pdf",
        inline=True,
    )


def khqr_png(call: Call) -> Sent:
    """Draw a fresh payment code for what is due, as a picture at least 800 pixels wide."""
    shown = call.served(call.id("invoice_id"))
    return Sent(
        content=call.opened.draw_code(shown.payload),
        media_type="image/png",
        file_name="khqr.png",
        inline=True,
    )


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of printed copies and codes."""
    kasa = opened.kasa
    return (
        Route(
            method="GET",
            path=f"{ONE}/pdf",
            serves=kasa.invoicing.queries.invoice,
            handle=pdf,
            query=CopyQuery,
            media_types=("application/pdf",),
        ),
        Route(
            method="GET",
            path=f"{ONE}/khqr.png",
            serves=kasa.payments.show_code,
            handle=khqr_png,
            refuses=(NothingDue, NoCodeAccount),
            media_types=("image/png",),
        ),
    )
