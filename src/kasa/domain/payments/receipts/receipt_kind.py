"""What a picture is: a receipt, a QR code, an invoice, or something else (section 5, 9)."""

from collections.abc import Sequence

import attrs

from kasa.domain.payments.banks.words import INVOICE_WORDS
from kasa.domain.payments.evidence import UNREADABLE, FieldReading, FieldState, ReceiptKind
from kasa.domain.payments.receipts.labels import normalised
from kasa.domain.payments.receipts.layouts import Chosen
from kasa.domain.payments.receipts.regions import LaidOut
from kasa.domain.payments.receipts.rows import well_read
from kasa.domain.payments.receipts.status import MARKS

WELL_READ_ENOUGH = 60
LABELS_OF_A_RECEIPT = 2
STEPS_OF_A_LADDER = 3
KHQR_BEGINS = "0002"


@attrs.frozen(kw_only=True)
class Signs:
    """What speaks for a receipt: layout and labels, a success word, an id, an amount."""

    pages: Sequence[LaidOut]
    chosen: Chosen
    success: bool
    has_reference: bool
    has_amount: bool

    @property
    def is_tried(self) -> bool:
        """Whether most of the ladder was taken."""
        return len({page.page.reading.effort for page in self.pages}) >= STEPS_OF_A_LADDER

    @property
    def is_read_enough(self) -> bool:
        """Whether enough was read to say that a picture without any of these is no receipt."""
        characters = max(well_read(page.page.reading.words) for page in self.pages)
        return characters >= WELL_READ_ENOUGH or self.is_tried


def kind_read(kind: ReceiptKind) -> FieldReading[ReceiptKind]:
    """Return a kind as it was read off the picture."""
    return FieldReading(state=FieldState.READ, value=kind, seen=1, engines=1)


def receipt_kind(signs: Signs, codes: Sequence[str]) -> FieldReading[ReceiptKind]:
    """Return what a picture is; only what surely is no receipt is called something else."""
    if signs.chosen.layout.key != "generic":
        return _of_a_bank(signs)
    if any(code.startswith(KHQR_BEGINS) for code in codes) and not signs.has_reference:
        return kind_read(ReceiptKind.CODE)
    if _is_invoice(signs.pages) and not (signs.has_reference and signs.success):
        return kind_read(ReceiptKind.INVOICE)
    if not signs.success and signs.chosen.labels < LABELS_OF_A_RECEIPT:
        return kind_read(ReceiptKind.OTHER) if signs.is_read_enough else UNREADABLE
    if not (signs.success or signs.has_reference) and signs.is_tried:
        return kind_read(ReceiptKind.OTHER)
    whole = signs.has_reference and signs.has_amount
    return kind_read(ReceiptKind.RECEIPT) if whole else UNREADABLE


def _of_a_bank(signs: Signs) -> FieldReading[ReceiptKind]:
    """Return a receipt, unless the screen has neither id nor date: then it asks to confirm."""
    finished = signs.has_reference or signs.success or signs.chosen.parts & MARKS
    if not finished and signs.is_tried:
        return kind_read(ReceiptKind.OTHER)
    enough = signs.chosen.labels >= LABELS_OF_A_RECEIPT
    return kind_read(ReceiptKind.RECEIPT) if enough else UNREADABLE


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
