"""Pictures in memory: whatever is sent counts as clean, samples are told instead of drawn."""

import json
import struct

from kasa.adapters.memory.outside import refuse_inside_unit_of_work
from kasa.application.ports.images import (
    PICTURE_LIMIT_BYTES,
    CleanPicture,
    NotAnImage,
    PictureTooLarge,
    SampleReceipt,
)

_PNG = b"\x89PNG\r\n\x1a\n"
_SIZE_OF_A_PHONE = (1080, 2400)


class PassingImageCleaner:
    """Takes any bytes but none and too many for a picture, and hands them on as they are."""

    def clean(self, data: bytes) -> CleanPicture:
        """Return the bytes; the size is that of a PNG, else that of a phone's screen."""
        refuse_inside_unit_of_work()
        if not data:
            raise NotAnImage
        if len(data) > PICTURE_LIMIT_BYTES:
            raise PictureTooLarge(limit_bytes=PICTURE_LIMIT_BYTES)
        known = data.startswith(_PNG) and len(data) >= 24
        width, height = struct.unpack(">II", data[16:24]) if known else _SIZE_OF_A_PHONE
        return CleanPicture(data=data, media_type="image/png", width=width, height=height)


class ToldSampleReceipts:
    """Tells what a sample receipt would show, as JSON."""

    def draw(self, receipt: SampleReceipt) -> bytes:
        """Return the receipt's values, the same bytes for the same receipt."""
        refuse_inside_unit_of_work()
        told = {
            "label": "SAMPLE",
            "look": receipt.look.value,
            "amount": str(receipt.amount),
            "recipient": receipt.recipient,
            "recipient_account": receipt.recipient_account,
            "payer": receipt.payer,
            "payer_account": receipt.payer_account,
            "paid_at": receipt.paid_at.isoformat(),
            "references": dict(receipt.references),
            "remark": receipt.remark,
            "debited": str(receipt.debited or receipt.amount),
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
