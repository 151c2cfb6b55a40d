"""Pictures: making hostile bytes clean, and drawing labelled samples."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import attrs

from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.money import Money

PICTURE_LIMIT_BYTES = 10 * 1024 * 1024
PIXELS_LIMIT = 25_000_000
SIDE_SMALLEST = 200
SIDE_LARGEST = 12_000


class NotAnImage(Invalid):
    """This is not a PNG, JPEG or WebP picture, or it is damaged."""

    code = "evidence.not_an_image"


class HeicPicture(Invalid):
    """HEIC pictures cannot be read; send it as a photo, not as a file."""

    code = "evidence.heic"


class PictureTooLarge(Invalid):
    """The file is larger than 10 MiB."""

    code = "evidence.too_large"


class PictureTooManyPixels(Invalid):
    """The picture has more than 25 million pixels, or a side longer than 12,000."""

    code = "evidence.too_many_pixels"


class PictureTooSmall(Invalid):
    """The picture is too small to be read: each side needs at least 200 pixels."""

    code = "evidence.too_small"


class PictureAnimated(Invalid):
    """A moving picture is not a receipt; send a still one."""

    code = "evidence.animated"


@attrs.frozen(kw_only=True)
class CleanPicture:
    """Re-encoded pixels of one picture, upright, without any metadata."""

    data: bytes
    media_type: str
    width: int
    height: int


class ImageCleaner(Protocol):
    """Makes pictures from strangers safe to keep and to read."""

    def clean(self, data: bytes) -> CleanPicture:
        """Return the picture's pixels, upright, re-encoded, and nothing else of the file.

        Takes PNG, JPEG and WebP by their content, at most 10 MiB and 25 million pixels, each side
        from 200 to 12,000, one frame. Raises ``evidence.not_an_image``, ``.heic``, ``.too_large``,
        ``.too_many_pixels``, ``.too_small`` or ``.animated``, and ``Unavailable`` when the work
        cannot be done now. Takes less than a second and 100 MiB, whatever the bytes are.
        """


class SampleFontMissing(Conflict):
    """This sample needs Khmer letters; install the package fontpkg-noto-sans-khmer."""

    code = "sample.font_missing"


class SampleLook(StrEnum):
    """Whose screen a sample receipt looks like."""

    ABA_SUCCESS = "aba_success"
    ABA_CARD = "aba_card"
    ACLEDA = "acleda"
    GENERIC = "generic"


@attrs.frozen(kw_only=True)
class SampleReceipt:
    """What a sample receipt shows; every name in it has to be invented.

    ``references`` are printed by the name of their scheme (``aba.trx``, ``aba.ft``,
    ``payway.trx``, ``acleda.ref``, ``bakong.hash8``, ``generic.ref``); those a look has no place
    for are left out. ``paid_at`` carries the zone in which it is printed. ``debited`` is what left
    the payer's account, when that is not the amount.
    """

    look: SampleLook
    amount: Money
    recipient: str
    payer: str
    paid_at: datetime
    references: tuple[tuple[str, str], ...]
    recipient_account: str = ""
    payer_account: str = ""
    remark: str = ""
    debited: Money | None = None


class SampleReceipts(Protocol):
    """Draws look-alikes of bank receipts for the demo and the tests."""

    def draw(self, receipt: SampleReceipt) -> bytes:
        """Return a PNG picture, visibly labelled SAMPLE; the same receipt gives the same bytes.

        Raises ``sample.font_missing`` for a Khmer look when no font has Khmer letters.
        """
