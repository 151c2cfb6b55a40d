"""What the stores of links to invoices must do."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.invoicing.books import Books
from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.bundle import Ports
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.share_link import LIFE, LinkPurpose, ShareLink, token_hash
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import ShareLinkId


class ShareLinksConformance:
    """Links: kept by a digest of their token, found by it alone, ended, never removed."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_link_survives_the_round_trip(self) -> None:
        """It is found by its id and by its token as it was stored, also once it ended."""
        books = Books.of(self.make_ports())
        link = added(books, books.issued(), by=True)
        with books.work() as work:
            assert link == work.share_links.find(link.id)
            assert (link,) == work.share_links.of_invoice(link.invoice)
            ended = work.share_links.lock(link.id).ended(books.at)
            work.share_links.save(ended)
        with books.view() as view:
            assert ended == view.share_links.of_token(link.token_hash)
            assert (ended,) == view.share_links.of_invoice(link.invoice)

    def test_links_are_listed_newest_first(self) -> None:
        """Those of one invoice, and of no other."""
        books = Books.of(self.make_ports())
        invoice, other = books.issued(), books.issued()
        links = [added(books, invoice) for _ in range(3)]
        added(books, other)
        with books.view() as view:
            assert tuple(reversed(links)) == view.share_links.of_invoice(invoice.id)

    def test_a_token_tells_its_tenant_and_nothing_else(self) -> None:
        """Across tenants a digest leads to one tenant, ended or not; an unknown one to none."""
        ports = self.make_ports()
        books = Books.of(ports)
        link = added(books, books.issued())
        with ports.unit_of_work.platform() as work:
            assert books.owner.tenant == work.share_links.tenant_of(link.token_hash)
            assert work.share_links.tenant_of(token_hash("unknown")) is None
        with books.work() as work:
            work.share_links.save(work.share_links.lock(link.id).ended(books.at))
        with ports.unit_of_work.platform() as work:
            assert books.owner.tenant == work.share_links.tenant_of(link.token_hash)

    def test_a_foreign_link_is_a_missing_one(self) -> None:
        """Another tenant neither finds nor locks it, by id or by token."""
        ports = self.make_ports()
        books, stranger = Books.of(ports), new_shop(ports)
        link = added(books, books.issued())
        with ports.unit_of_work(stranger) as work:
            assert work.share_links.find(link.id) is None
            assert () == work.share_links.of_invoice(link.invoice)
            with pytest.raises(NotFound):
                work.share_links.lock(link.id)
        with ports.unit_of_work.read_only(stranger) as view, pytest.raises(NotFound):
            view.share_links.of_token(link.token_hash)


def added(books: Books, invoice: Invoice, *, by: bool = False) -> ShareLink:
    """Store a link to an invoice."""
    id_ = ShareLinkId(books.new_id())
    link = ShareLink(
        id=id_,
        invoice=invoice.id,
        purpose=LinkPurpose.PAGE,
        token_hash=token_hash(f"token of {id_}"),
        made_at=books.at,
        expires_at=books.at + LIFE,
    )
    if by:
        link = attrs.evolve(link, by=books.owner.author, made_at=books.at - timedelta(seconds=1))
    with books.work() as work:
        work.share_links.add(link)
    return link
