"""From recognised text to evidence: layout, fields, and who is believed (section 12)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from kasa.domain.kernel.money import Money
from kasa.domain.payments.banks.shapes import Part
from kasa.domain.payments.banks.words import INVOICE_WORDS
from kasa.domain.payments.evidence import (
    ABSENT,
    UNREADABLE,
    FieldReading,
    FieldState,
    PaymentEvidence,
    ReceiptKind,
    Source,
)
from kasa.domain.payments.headline import Amounts, read_amounts
from kasa.domain.payments.identifiers import read_references
from kasa.domain.payments.labels import normalised
from kasa.domain.payments.layouts import Chosen, choose_layout, page_of
from kasa.domain.payments.paid_at import read_moment
from kasa.domain.payments.parties import read_parties
from kasa.domain.payments.recognition import RecognizedText
from kasa.domain.payments.regions import LaidOut, laid_out
from kasa.domain.payments.rows import well_read
from kasa.domain.payments.status import has_success_word, read_direction, read_outcome

WELL_READ_ENOUGH = 60
LABELS_OF_A_RECEIPT = 2
READINGS_OF_A_LADDER = 3
KHQR_BEGINS = "0002"


def read_text(text: RecognizedText, near: datetime, codes: Sequence[str] = ()) -> PaymentEvidence:
    """Return what a picture shows, from all its readings together and the texts of its QR codes.

    ``near`` is the moment of submission. Nothing is guessed: what is not in an exact form, or in
    two forms that disagree, is not readable. Never raises, whatever the text is.
    """
    pages = tuple(page_of(reading) for reading in text.readings)
    chosen = choose_layout(pages)
    places = laid_out(pages, chosen.layout)
    if not places:
        return PaymentEvidence(
            source=Source.SCREENSHOT, layout=chosen.layout.key, receipt=_kind(ReceiptKind.OTHER)
        )
    amounts = read_amounts(places)
    references = read_references(places)
    paid = read_moment(places, references, near)
    parties = read_parties(places, amounts.place)
    success = has_success_word(places)
    characters = max(well_read(reading.words) for reading in text.readings)
    receipt = _receipt(places, chosen, amounts, references, codes=codes)
    return PaymentEvidence(
        source=Source.SCREENSHOT,
        layout=chosen.layout.key,
        receipt=receipt,
        outcome=read_outcome(places, amounts.place),
        direction=read_direction(places, minus=amounts.minus),
        amount=amounts.headline,
        currency=amounts.currency,
        amount_rows=amounts.rows,
        debited=_money(amounts.debited),
        fee=_money(amounts.fee),
        paid_at=paid.field,
        precision=paid.precision,
        recipient_name=parties.recipient_name,
        recipient_account=parties.recipient_account,
        recipient_bank=parties.recipient_bank,
        payer_name=parties.payer_name,
        payer_account=parties.payer_account,
        references=references,
        remark=_remark(places),
        labels=chosen.labels,
        success_word=success,
        full_readings=len({reading.effort for reading in text.readings}),
        text_characters=characters,
    )


def _kind(kind: ReceiptKind) -> FieldReading[ReceiptKind]:
    return FieldReading(state=FieldState.READ, value=kind, seen=1, engines=1)


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


def _receipt(
    pages: Sequence[LaidOut],
    chosen: Chosen,
    amounts: Amounts,
    references: Mapping[str, FieldReading[str]],
    *,
    codes: Sequence[str],
) -> FieldReading[ReceiptKind]:
    """Return what the picture is; only what surely is no receipt is called something else."""
    if chosen.layout.key != "generic":
        enough = chosen.labels >= LABELS_OF_A_RECEIPT
        return _kind(ReceiptKind.RECEIPT) if enough else UNREADABLE
    has_reference = any(reading.is_read or reading.candidates for reading in references.values())
    success = has_success_word(pages)
    if any(code.startswith(KHQR_BEGINS) for code in codes) and not has_reference:
        return _kind(ReceiptKind.CODE)
    if _is_invoice(pages) and not (has_reference and success):
        return _kind(ReceiptKind.INVOICE)
    if (success or chosen.labels >= LABELS_OF_A_RECEIPT) and (has_reference or amounts.number_seen):
        whole = has_reference and amounts.headline.is_read
        return _kind(ReceiptKind.RECEIPT) if whole else UNREADABLE
    return _kind(ReceiptKind.OTHER) if _is_read_enough(pages) else UNREADABLE


def _is_read_enough(pages: Sequence[LaidOut]) -> bool:
    """Tell whether a picture without any sign of a receipt is surely none."""
    characters = max(well_read(page.page.reading.words) for page in pages)
    tried = len({page.page.reading.effort for page in pages})
    return characters >= WELL_READ_ENOUGH or tried >= READINGS_OF_A_LADDER


def _is_invoice(pages: Sequence[LaidOut]) -> bool:
    """Tell whether a line begins with a word that only invoices print."""
    words = [normalised(word) for word in INVOICE_WORDS]
    return any(
        normalised(segment.text).startswith(word)
        for page in pages
        for row in page.rows
        for segment in row.segments
        for word in words
    )
