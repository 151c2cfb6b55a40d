"""Links that show an invoice to whoever has them: made, listed, ended, opened."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import ClassVar

import attrs

from kasa.application.ports.credentials import KeyedDigests, Purpose
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import ReadOnly, TenantFacts, UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.invoicing.canonical import read
from kasa.domain.invoicing.document import InvoiceDocument
from kasa.domain.invoicing.events import InvoiceShared, ShareLinkEnded
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.share_link import (
    ALIVE_LIMIT,
    LIFE,
    TOKEN_LENGTH,
    LinkPurpose,
    ShareLink,
    TooManyShareLinks,
    document_expiry,
    token_hash,
)
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import ContactId, InvoiceId, ShareLinkId, TenantId, uuid7
from kasa.domain.tenancy.tenant import TenantState

TOKEN_BYTES = 16
RENEWALS = 8
"""How often the keys of the installation may change before a document gets no link any more."""


def link_token(digests: KeyedDigests, tenant: TenantId, id: ShareLinkId) -> str:
    """Return the token of a link: 128 bits that nobody makes without the key, so none is stored."""
    made = digests.digest(Purpose.SHARE_LINKS, tenant.bytes + id.bytes)[:TOKEN_BYTES]
    return urlsafe_b64encode(made).decode().rstrip("=")


@attrs.frozen(kw_only=True, eq=False)
class ShareInvoice:
    """Make a link to the page of an issued invoice, which lives for 90 days.

    Raises NotFound, also for a draft, and ``share_link.too_many``.
    """

    permission: ClassVar[Permission] = Permission.ISSUE_INVOICES

    unit_of_work: UnitOfWorkFactory
    digests: KeyedDigests
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, invoice: InvoiceId) -> ShareLink:
        """Store the link; its token is told by ``token``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            shared = work.invoices.lock(invoice)
            if shared.number is None:
                raise NotFound
            there = work.share_links.of_invoice(invoice)
            alive = [one for one in there if one.is_alive(now)]
            if len([one for one in alive if one.purpose is LinkPurpose.PAGE]) >= ALIVE_LIMIT:
                raise TooManyShareLinks(limit=ALIVE_LIMIT)
            id_ = ShareLinkId(self.ids.new(now))
            link = ShareLink(
                id=id_,
                invoice=invoice,
                purpose=LinkPurpose.PAGE,
                token_hash=token_hash(link_token(self.digests, actor.tenant, id_)),
                made_at=now,
                expires_at=now + LIFE,
                by=actor.author,
            )
            work.share_links.add(link)
            work.events.record(InvoiceShared(subject=invoice, link=link.id), at=now)
            return work.answer(link)

    def token(self, actor: Actor, link: ShareLink) -> str:
        """Return the token of a link of the actor's shop; empty once the keys have changed."""
        made = link_token(self.digests, actor.tenant, link.id)
        return made if token_hash(made) == link.token_hash else ""


@attrs.frozen(kw_only=True, eq=False)
class EndShareLink:
    """End a link at once, a printed one too; twice changes nothing. Raises NotFound."""

    permission: ClassVar[Permission] = Permission.ISSUE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, invoice: InvoiceId, link_id: ShareLinkId) -> ShareLink:
        """Store its end."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            link = work.share_links.lock(link_id)
            if link.invoice != invoice:
                raise NotFound
            ended = link.ended(now)
            if ended != link:
                work.share_links.save(ended)
                work.events.record(ShareLinkEnded(subject=invoice, link=link.id), at=now)
            return work.answer(ended)


@attrs.frozen(kw_only=True, eq=False)
class ShareLinkQueries:
    """The links of an invoice; their tokens are told only when they are made."""

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory

    def of_invoice(self, actor: Actor, invoice: InvoiceId) -> tuple[ShareLink, ...]:
        """Return the links of an invoice, newest first, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.share_links.of_invoice(view.invoices.show(invoice).invoice.id)


@attrs.frozen(kw_only=True)
class SharedInvoice:
    """What a link shows: an invoice as it stands and as it was issued, and the state of its shop.

    ``actor`` is who has the link: it may submit evidence, and nothing else.
    """

    actor: Actor
    link: ShareLink
    invoice: Invoice
    document: InvoiceDocument
    shop: TenantFacts

    @property
    def is_open(self) -> bool:
        """Whether the shop works, so that it may be paid."""
        return self.shop.state is TenantState.OPEN


@attrs.frozen(kw_only=True, eq=False)
class OpenShareLink:
    """Show an invoice to whoever has a link to it; whose it is, the token alone tells."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, token: str) -> SharedInvoice:
        """Return what the link shows; one that is unknown, over or ended is not found."""
        if len(token) != TOKEN_LENGTH or not token.isascii():
            raise NotFound
        digest, now = token_hash(token), self.clock.now()
        with self.unit_of_work.platform() as work:
            tenant = work.share_links.tenant_of(digest)
        if tenant is None:
            raise NotFound
        with self.unit_of_work.read_only(Actor.system(tenant)) as view:
            link = view.share_links.of_token(digest)
            if not link.is_alive(now) or view.tenant.state is TenantState.ERASING:
                raise NotFound
            shown = view.invoices.show(link.invoice).invoice
            if shown.snapshot is None:
                raise NotFound
            return SharedInvoice(
                actor=Actor.customer(tenant, ContactId(link.id)),
                link=link,
                invoice=shown,
                document=read(shown.snapshot.text, InvoiceDocument),
                shop=view.tenant,
            )


def document_link(
    view: ReadOnly, digests: KeyedDigests, tenant: TenantId, invoice: Invoice
) -> tuple[ShareLink, str] | None:
    """Return the link that a document prints, stored or not, with its token.

    It is the same in every process and on every repeat. None once somebody has ended it.
    """
    if invoice.issued_at is None or invoice.due_date is None:
        return None
    there = {one.id: one for one in view.share_links.of_invoice(invoice.id)}
    for renewal in range(RENEWALS):
        entropy = sha256(b"document link" + invoice.id.bytes + bytes([renewal])).digest()
        id_ = ShareLinkId(uuid7(invoice.issued_at, entropy))
        token = link_token(digests, tenant, id_)
        link = there.get(id_) or ShareLink(
            id=id_,
            invoice=invoice.id,
            purpose=LinkPurpose.DOCUMENT,
            token_hash=token_hash(token),
            made_at=invoice.issued_at,
            expires_at=document_expiry(invoice.due_date, view.tenant.zone),
        )
        if link.ended_at is not None:
            return None
        if link.token_hash == token_hash(token):
            return link, token
    return None
