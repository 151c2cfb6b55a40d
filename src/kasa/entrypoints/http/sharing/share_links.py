"""Links to an invoice over HTTP: made, listed, ended."""

from datetime import datetime
from uuid import UUID

import msgspec

from kasa.domain.invoicing.share_link import ShareLink, TooManyShareLinks
from kasa.domain.kernel.ids import InvoiceId, ShareLinkId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import moment
from kasa.entrypoints.opened import OpenKasa


class ShareLinkShown(msgspec.Struct, frozen=True, kw_only=True):
    """A link to the page of an invoice; its address is told only when it is made."""

    id: UUID
    invoice: UUID
    purpose: str
    made_at: datetime
    expires_at: datetime
    by: UUID | None
    ended_at: datetime | None
    url: str | None = None


def shown(link: ShareLink, url: str | None = None) -> ShareLinkShown:
    """Return a link as it is answered."""
    return ShareLinkShown(
        id=link.id,
        invoice=link.invoice,
        purpose=link.purpose.value,
        made_at=moment(link.made_at),
        expires_at=moment(link.expires_at),
        by=link.by,
        ended_at=None if link.ended_at is None else moment(link.ended_at),
        url=url,
    )


def every(call: Call) -> PageOf[ShareLinkShown]:
    """List the links to an invoice, newest first."""
    found = call.served(InvoiceId(call.id("invoice_id")))
    return PageOf(items=tuple(shown(one) for one in found))


def make(call: Call) -> ShareLinkShown:
    """Make a link to the page of an invoice, for 90 days."""
    link = call.served(InvoiceId(call.id("invoice_id")))
    token = call.opened.kasa.invoicing.share.token(call.actor, link)
    return shown(link, f"{call.base}/i/{token}" if token else None)


def end(call: Call) -> None:
    """End a link at once, a printed one too."""
    call.served(InvoiceId(call.id("invoice_id")), ShareLinkId(call.id("link_id")))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of links to invoices."""
    use, path = opened.kasa.invoicing, "/invoices/{invoice_id}/share-links"
    return (
        Route(
            method="GET",
            path=path,
            serves=use.links.of_invoice,
            handle=every,
            answers=PageOf[ShareLinkShown],
        ),
        Route(
            method="POST",
            path=path,
            serves=use.share,
            handle=make,
            answers=ShareLinkShown,
            status=201,
            refuses=(TooManyShareLinks,),
        ),
        Route(method="DELETE", path=f"{path}/{{link_id}}", serves=use.end_link, handle=end),
    )
