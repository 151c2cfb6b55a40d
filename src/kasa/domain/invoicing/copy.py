"""Copies of documents: each is drawn once, stored, and never drawn again."""

from datetime import datetime

import attrs

from kasa.domain.kernel.ids import FileId, InvoiceId


@attrs.frozen(kw_only=True)
class DocumentCopy:
    """One stored copy of an invoice; ``mark`` is original, paid or void.

    ``digest`` is that of the snapshot it was drawn from, ``sha256`` that of the file, ``fonts``
    those of the fonts that drew it. ``unprintable`` are letters that no font had.
    """

    invoice: InvoiceId
    mark: str
    template: str
    language: str
    digest: str
    file: FileId
    sha256: str
    at: datetime
    fonts: tuple[str, ...] = ()
    unprintable: tuple[str, ...] = ()
