"""What every adapter of pictures, codes and received PDF files has to do."""

import pytest

from kasa.adapters.conformance.pictures import code_png, pdf_of_picture, plain_png
from kasa.application.ports.codes import CodeTooLong, QrCodes
from kasa.application.ports.documents import PDF_LIMIT_BYTES, PdfReader, PdfWithoutPicture
from kasa.application.ports.images import (
    PICTURE_LIMIT_BYTES,
    ImageCleaner,
    NotAnImage,
    PictureTooLarge,
)

KHQR = "00020101021129180014kasa_shop@aclb5204599953031165802KH5909Kasa Shop6010Phnom Penh6304C169"


class ImageCleanerConformance:
    """The rules of ``ports.images.ImageCleaner``; a subclass makes the cleaner."""

    def make_ports(self) -> ImageCleaner:
        """Return the cleaner under test."""
        raise NotImplementedError

    def test_pixels_come_back(self) -> None:
        """A clean picture tells its size and type, and can be cleaned again."""
        cleaner = self.make_ports()
        clean = cleaner.clean(plain_png(320, 240))
        assert (clean.width, clean.height) == (320, 240)
        assert clean.media_type in {"image/png", "image/jpeg"}
        assert cleaner.clean(clean.data) == clean

    def test_nothing_is_not_a_picture(self) -> None:
        """A file of 0 bytes is refused with its code."""
        with pytest.raises(NotAnImage):
            self.make_ports().clean(b"")

    def test_too_many_bytes(self) -> None:
        """A file of more than 10 MiB is refused with its code."""
        with pytest.raises(PictureTooLarge):
            self.make_ports().clean(plain_png() + bytes(PICTURE_LIMIT_BYTES))


class QrCodesConformance:
    """The rules of ``ports.codes.QrCodes``; a subclass makes the codes."""

    def make_ports(self) -> QrCodes:
        """Return the codes under test."""
        raise NotImplementedError

    def show(self, codes: QrCodes, picture: bytes, text: str) -> None:
        """Teach a scripted adapter what a picture shows; a real one sees it."""

    @pytest.mark.parametrize("text", [KHQR, "កាសា", "1"])
    def test_what_is_drawn_is_read(self, text: str) -> None:
        """A drawn text is read back, exactly."""
        codes = self.make_ports()
        picture = code_png(codes.draw(text))
        self.show(codes, picture, text)
        assert codes.read(picture) == (text,)

    def test_same_text_same_matrix(self) -> None:
        """A matrix is square, depends on the text alone, and differs for another text."""
        codes = self.make_ports()
        matrix = codes.draw(KHQR)
        assert all(len(row) == matrix.side for row in matrix.rows)
        assert codes.draw(KHQR) == matrix
        assert codes.draw(KHQR[:-1]) != matrix

    def test_no_code_is_an_answer(self) -> None:
        """A picture without a code has no texts."""
        assert self.make_ports().read(plain_png()) == ()

    def test_too_long(self) -> None:
        """A text that no code can hold is refused with its code."""
        with pytest.raises(CodeTooLong):
            self.make_ports().draw("ក" * 1000)


class PdfReaderConformance:
    """The rules of ``ports.documents.PdfReader``; a subclass makes the reader."""

    def make_ports(self) -> PdfReader:
        """Return the reader under test."""
        raise NotImplementedError

    def test_page_filling_picture(self) -> None:
        """The picture of a page that it fills comes out."""
        assert self.make_ports().picture(pdf_of_picture()) != b""

    @pytest.mark.parametrize("data", [b"", b"not a PDF file", plain_png()])
    def test_not_a_pdf(self, data: bytes) -> None:
        """What is not a PDF file is refused with its code."""
        with pytest.raises(PdfWithoutPicture):
            self.make_ports().picture(data)

    def test_too_many_bytes(self) -> None:
        """A file of more than 10 MiB is refused with its code."""
        with pytest.raises(PictureTooLarge):
            self.make_ports().picture(pdf_of_picture() + bytes(PDF_LIMIT_BYTES))
