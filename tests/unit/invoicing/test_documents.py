"""What a document says is one canonical text: same value, same bytes, same digest."""

import json
from datetime import date, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.sample_documents import sample_document
from kasa.adapters.conformance.strategies_invoicing import drafts, issued
from kasa.adapters.conformance.strategies_kernel import names
from kasa.domain.invoicing.canonical import read, written
from kasa.domain.invoicing.describing import Letterhead, PaymentMeans, describe
from kasa.domain.invoicing.document import Brand, InvoiceDocument, Party
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.numbering import Series
from kasa.domain.invoicing.snapshot import Snapshot, digest_of
from kasa.domain.kernel.money import Money


def described(draft: Invoice, seller: str) -> InvoiceDocument:
    """Return what a draft says once it is dated and numbered."""
    dated = draft.dated(date(2026, 11, 20), terms_days=14)
    letterhead = Letterhead(
        seller=Party(name=seller), buyer=None, brand=Brand(accent="#0b6e4f"), zone="Asia/Phnom_Penh"
    )
    number = Series(name="INV", year=2026).written(1)
    return describe(dated, number, letterhead, PaymentMeans())


@given(draft=drafts(), seller=names())
def test_a_document_survives_its_text(draft: Invoice, seller: str) -> None:
    """Written and read back it is the same, and written again the same text."""
    document = described(draft, seller)
    text = written(document)
    assert document == read(text, InvoiceDocument)
    assert text == written(read(text, InvoiceDocument))


@given(draft=drafts())
def test_a_document_adds_up(draft: Invoice) -> None:
    """Lines less discounts plus charges are the groups, which are the totals."""
    document = described(draft, "Sokha")
    zero = Money.zero(document.currency)
    lines = sum((line.amount - line.document_discount for line in document.lines), zero)
    groups = sum((group.base + group.tax for group in document.groups), zero)
    charges = sum((charge.amount for charge in document.charges), zero)
    assert document.gross == groups == document.net + document.tax
    assert sum((line.document_discount for line in document.lines), zero) == sum(
        (one.given for one in document.discounts), zero
    )
    taxed = document.gross if document.mode.value == "gross" else document.net
    assert taxed == lines + charges


def test_the_text_is_canonical() -> None:
    """Keys are sorted, there is no space between them, money and numbers are texts."""
    text = written(sample_document(lines=2))
    again = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert again == text
    assert '"gross":{"amount":"' in text


def test_equal_numbers_are_written_alike() -> None:
    """2.50 and 2.5 are one quantity, so one text."""
    document = sample_document(lines=1)
    lines = [
        attrs.evolve(document.lines[0], quantity=Decimal(one)) for one in ("2.50", "2.5", "25E-1")
    ]
    assert 1 == len({written(attrs.evolve(document, lines=(line,))) for line in lines})


def test_a_changed_text_loses_its_digest() -> None:
    """One letter is enough."""
    snapshot = Snapshot.of(written(sample_document(lines=1)))
    assert snapshot.intact
    assert not attrs.evolve(snapshot, text=snapshot.text.replace("INV", "XNV")).intact
    assert snapshot.digest == digest_of(snapshot.text)
    assert 64 == len(snapshot.digest)


def test_fields_of_a_later_version_are_passed_over() -> None:
    """A text with a field nobody knows is read; one without a needed field is damaged."""
    document = sample_document(lines=1)
    facts = json.loads(written(document))
    assert document == read(json.dumps({**facts, "later": 1}), InvoiceDocument)
    del facts["seller"]
    with pytest.raises(TypeError):
        read(json.dumps(facts), InvoiceDocument)


@given(draft=drafts(), data=st.data())
def test_an_issued_invoice_is_described_by_its_own_figures(
    draft: Invoice, data: st.DataObject
) -> None:
    """Riel figures stand in the document as they were frozen with the invoice."""
    invoice = data.draw(issued(draft, 7))
    letterhead = Letterhead(
        seller=Party(name="Sokha"), buyer=None, brand=Brand(accent="#0b6e4f"), zone="UTC"
    )
    document = describe(invoice, invoice.number, letterhead, PaymentMeans())
    if invoice.accounting is None:
        assert document.accounting is None
        return
    assert document.accounting is not None
    assert invoice.accounting.gross == document.accounting.gross.minor
    taxes = tuple(group.accounting_tax for group in document.groups)
    assert invoice.accounting.taxes == tuple(tax.minor for tax in taxes if tax is not None)
    assert invoice.riel_due == document.riel_to_pay


def test_moments_are_read_with_their_zone() -> None:
    """What expires is an aware moment again."""
    document = sample_document(lines=1)
    back = read(written(document), InvoiceDocument)
    assert document.khqr == back.khqr
    if back.khqr is not None and back.khqr.expires_at is not None:
        assert isinstance(back.khqr.expires_at, datetime)
        assert back.khqr.expires_at.tzinfo is not None
