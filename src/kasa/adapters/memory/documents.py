"""Documents in memory."""

from kasa.adapters.memory.outside import refuse_inside_unit_of_work
from kasa.application.ports.documents import PDF_LIMIT_BYTES, PdfWithoutPicture
from kasa.application.ports.images import PictureTooLarge


class PassingPdfReader:
    """Takes the bytes of a PDF file for the picture inside it."""

    def picture(self, data: bytes) -> bytes:
        """Return the file as it is; what does not begin as PDF is refused."""
        refuse_inside_unit_of_work()
        if len(data) > PDF_LIMIT_BYTES:
            raise PictureTooLarge(limit_bytes=PDF_LIMIT_BYTES)
        if not data.startswith(b"%PDF-"):
            raise PdfWithoutPicture
        return data
