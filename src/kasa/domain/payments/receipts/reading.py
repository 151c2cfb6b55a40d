"""From recognised text to evidence: layout, fields, and who is believed (section 12)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from kasa.domain.kernel.money import Money
from kasa.domain.payments.banks.shapes import Part
from kasa.domain.payments.evidence import (
    ABSENT,
    FieldReading,
    FieldState,
    PaymentEvidence,
    ReceiptKind,
    Source,
)
from kasa.domain.payments.receipts.headline import NO_AMOUNTS, Amounts, read_amounts
from kasa.domain.payments.receipts.identifiers import read_references
from kasa.domain.payments.receipts.layouts import choose_layout, page_of
from kasa.domain.payments.receipts.paid_at import PaidAt, read_moment
from kasa.domain.payments.receipts.parties import Parties, read_parties
from kasa.domain.payments.receipts.receipt_kind import Signs, kind_read, receipt_kind
from kasa.domain.payments.receipts.regions import LaidOut, laid_out
from kasa.domain.payments.receipts.rows import well_read
from kasa.domain.payments.receipts.second_engine import engines_of
from kasa.domain.payments.receipts.status import has_success_word, read_direction, read_outcome
from kasa.domain.payments.receipts.two_engines import (
    both_amounts,
    both_moments,
    both_parties,
    both_references,
)
from kasa.domain.payments.recognition import RecognizedText

PAYEES_ACCOUNT = (Part.TO, Part.TO_ACCOUNT, Part.ACCOUNT)
TEXT_CUT = "text_cut"
"""A note: more was recognised than the limits allow, or the engine's time ended."""

WELL_READ_LEAST = 25
"""Below this nothing but noise was recognised, and a number in noise is no amount."""


def read_text(text: RecognizedText, near: datetime, codes: Sequence[str] = ()) -> PaymentEvidence:
    """Return what a picture shows, from all its readings together and the texts of its QR codes.

    ``near`` is the moment of submission. Nothing is guessed: what is not in an exact form, or in
    two forms that disagree, is not readable. Never raises, whatever the text is.
    """
    first, second = engines_of(text)
    pages = tuple(page_of(reading) for reading in (*first, *second))
    chosen = choose_layout(pages)
    places = laid_out(pages, chosen.layout)
    if not places:
        return PaymentEvidence(
            source=Source.SCREENSHOT, layout=chosen.layout.key, receipt=kind_read(ReceiptKind.OTHER)
        )
    characters = max(well_read(reading.words) for reading in first)
    read = _values(places, len(first), near, readable=characters >= WELL_READ_LEAST)
    amounts, references, parties = read.amounts, read.references, read.parties
    success = has_success_word(places)
    signs = Signs(
        pages=places,
        chosen=chosen,
        success=success,
        has_reference=any(one.is_read or one.candidates for one in references.values()),
        has_amount=amounts.headline.is_read,
    )
    receipt = receipt_kind(signs, codes)
    return PaymentEvidence(
        source=Source.SCREENSHOT,
        layout=chosen.layout.key,
        receipt=receipt,
        outcome=read_outcome(
            places, amounts.place, with_id=any(one.is_read for one in references.values())
        ),
        direction=read_direction(places, minus=amounts.minus),
        amount=amounts.headline,
        currency=amounts.currency,
        amount_rows=amounts.rows,
        debited=_money(amounts.debited),
        fee=_money(amounts.fee),
        paid_at=read.paid.field,
        precision=read.paid.precision,
        recipient_name=parties.recipient_name,
        recipient_account=parties.recipient_account,
        recipient_bank=parties.recipient_bank,
        payer_name=parties.payer_name,
        payer_account=parties.payer_account,
        references=references,
        remark=_remark(places),
        labels=chosen.labels,
        notes=(TEXT_CUT,) if any(page.reading.cut for page in pages) else (),
        success_word=success,
        full_readings=len({reading.effort for reading in text.readings}),
        text_characters=characters,
    )


@attrs.frozen
class _Values:
    """Who paid whom how much, when and under which ids."""

    amounts: Amounts
    references: Mapping[str, FieldReading[str]]
    paid: PaidAt
    parties: Parties


def _values(places: Sequence[LaidOut], firsts: int, near: datetime, *, readable: bool) -> _Values:
    """Return the values of all pages; the pages behind ``firsts`` are the second engine's."""
    first, second = places[:firsts], places[firsts:]
    amounts = read_amounts(places) if readable else NO_AMOUNTS
    references = read_references(first, near)
    paid = read_moment(first, references, near)
    parties = read_parties(first, amounts.place)
    if not second:
        return _Values(amounts, references, paid, parties)
    further = read_references(second, near)
    references = both_references(references, further)
    paid = both_moments(paid, read_moment(second, further, near), references, near)
    placed = any(page.shows(*PAYEES_ACCOUNT) for page in places)
    parties = both_parties(parties, read_parties(second, amounts.place), placed=placed)
    if readable:
        amounts = both_amounts(amounts, read_amounts(first), read_amounts(second))
    return _Values(amounts, references, paid, parties)


def _money(amount: Money | None) -> FieldReading[Money]:
    if amount is None:
        return ABSENT
    return FieldReading(state=FieldState.READ, value=amount, seen=1, engines=1, labelled=True)


def _remark(pages: Sequence[LaidOut]) -> FieldReading[str]:
    """Return the remark as the first reading that has one shows it."""
    texts = [region.text for page in pages for region in page.of(Part.REMARK)]
    if not texts:
        return ABSENT
    return FieldReading(
        state=FieldState.READ, value=texts[0], seen=texts.count(texts[0]), engines=1, labelled=True
    )
