"""Asks what is read and stored of a customer's links, and of what they have sent."""

from typing import Any

from kasa.domain.invoicing.share_link import LIFE, LinkPurpose, ShareLink, token_hash
from kasa.domain.kernel.ids import ContactId, ShareLinkId


def walk_links(walk: Any) -> None:
    """Make a link to the open invoice, and ask every method about it."""
    at = walk.desk.clock.now()
    link = ShareLink(
        id=ShareLinkId(walk.desk.ports.ids.new(at)),
        invoice=walk.open.id,
        purpose=LinkPurpose.PAGE,
        token_hash=token_hash(str(walk.open.id)),
        made_at=at,
        expires_at=at + LIFE,
    )
    with walk.desk.ports.unit_of_work(walk.desk.owner) as work:
        work.share_links.add(link)
    walk.asking(
        lambda work: work.share_links.find(link.id),
        lambda work: work.share_links.of_invoice(link.invoice),
        lambda work: work.share_links.save(work.share_links.lock(link.id).ended(at)),
    )
    walk.viewing(
        lambda view: view.share_links.of_invoice(link.invoice),
        lambda view: view.share_links.of_token(link.token_hash),
        lambda view: view.sent_evidence.show(view.payments.evidence_of(walk.payment.id)[0].id),
        lambda view: view.sent_evidence.sent_by(ContactId(walk.payment.id)),
        lambda view: view.sent_evidence.newest_code(walk.open.id),
    )
