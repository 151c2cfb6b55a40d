"""The picture inside a stranger's PDF: hostile files refused, nothing rendered, nothing run."""

import io
import re
from collections.abc import Iterator
from itertools import chain

import pikepdf
from pikepdf.settings import set_qpdf_limits

from kasa.adapters.sandbox.pool import SandboxPool
from kasa.application.ports.documents import (
    PDF_LIMIT_BYTES,
    PDF_LIMIT_PAGES,
    PdfActive,
    PdfWithoutPicture,
)
from kasa.application.ports.images import PIXELS_LIMIT, PictureTooLarge
from kasa.domain.kernel.errors import Invalid

OBJECTS_LIMIT = 50_000
DECODED_LIMIT_BYTES = 50_000_000
STRUCTURE_LIMIT_BYTES = 4_000_000
"""What is unpacked of anything but the picture: object streams, tables, contents."""

WRITTEN_LIMIT_BYTES = 2_000_000
"""What all objects say together, without their streams; a page with a picture needs little."""

ITEMS_LIMIT = 20_000
CONTENT_LIMIT_BYTES = 64 * 1024
FILLS_PERCENT = 50
_MAGIC = b"%PDF-"
_MAGIC_WITHIN = 1024
_ACTIVE = re.compile(
    rb"/(JS|JavaScript|OpenAction|AA|Launch|EmbeddedFiles?|EF|FileAttachment|RichMedia|XFA"
    rb"|SubmitForm|ImportData|GoToR|GoToE|Rendition|Encrypt)\b|/URI\s*(\(\s*file:|<[^<])",
    re.IGNORECASE,
)
_LZW = re.compile(rb"/(L|#4c)(Z|#5a)(W|#57)(?=[\s/\[\]<>()%#D]|\Z)", re.IGNORECASE)
"""A filter that nothing limits; no honest receipt needs it."""

Matrix = tuple[float, float, float, float]


class PikepdfReader:
    """Reads PDF files in a child process; only their first bytes are looked at in this one."""

    def __init__(self, sandbox: SandboxPool) -> None:
        self._sandbox = sandbox

    def picture(self, data: bytes) -> bytes:
        """Return the one page-filling picture, as JPEG or PNG, still to be cleaned."""
        if len(data) > PDF_LIMIT_BYTES:
            raise PictureTooLarge(limit_bytes=PDF_LIMIT_BYTES)
        if _MAGIC not in data[:_MAGIC_WITHIN] or _LZW.search(data):
            raise PdfWithoutPicture
        return self._sandbox.run(pdf_picture, data)


def pdf_picture(data: bytes) -> bytes:
    """Return the picture of a PDF file; runs in a child process."""
    _unpack_at_most(STRUCTURE_LIMIT_BYTES)
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            _refuse_active(pdf)
            picture = _only_picture(pdf)
            _unpack_at_most(DECODED_LIMIT_BYTES)
            return _extract(picture)
    except pikepdf.PasswordError as error:
        raise PdfActive from error
    except Invalid:
        raise
    except Exception as error:
        raise PdfWithoutPicture from error


def _unpack_at_most(size: int) -> None:
    """Limit what a stream may unpack to; the limits are those of the whole process."""
    set_qpdf_limits(
        flate_max_memory=size,
        dct_max_memory=size,
        png_max_memory=size,
        run_length_max_memory=size,
        tiff_max_memory=size,
        doc_max_warnings=100,
        parser_max_container_size=ITEMS_LIMIT,
        max_stream_filters=2,
    )


def _refuse_active(pdf: pikepdf.Pdf) -> None:
    """Refuse a file that could do anything but show something: every object is looked at."""
    if pdf.is_encrypted:
        raise PdfActive
    if len(pdf.objects) > OBJECTS_LIMIT:
        raise PdfWithoutPicture
    left = WRITTEN_LIMIT_BYTES
    for found in chain((pdf.trailer,), pdf.objects):
        shown = found.stream_dict if isinstance(found, pikepdf.Stream) else found
        is_plain = not isinstance(shown, pikepdf.Object)
        written = b"" if is_plain else shown.unparse(resolved=True)
        if _ACTIVE.search(written):
            raise PdfActive
        left -= len(written)
        if left < 0:
            raise PdfWithoutPicture


def _only_picture(pdf: pikepdf.Pdf) -> pikepdf.Stream:
    """Return the only picture that fills a page, in a file of few pages."""
    if not 1 <= len(pdf.pages) <= PDF_LIMIT_PAGES:
        raise PdfWithoutPicture
    pictures = [picture for page in pdf.pages for picture in _filling(page)]
    if len(pictures) != 1:
        raise PdfWithoutPicture
    return pictures[0]


def _filling(page: pikepdf.Page) -> Iterator[pikepdf.Stream]:
    """Yield the pictures that cover at least half of a page."""
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    area = abs((right - left) * (top - bottom))
    drawable = page.resources.get("/XObject", pikepdf.Dictionary())
    for name, (across, up, along, high) in _placed(page):
        covered = abs(across * high - up * along)
        picture = drawable.get(name)
        if (
            isinstance(picture, pikepdf.Stream)
            and picture.get("/Subtype") == "/Image"
            and covered * 100 >= area * FILLS_PERCENT
        ):
            yield picture


def _placed(page: pikepdf.Page) -> Iterator[tuple[str, Matrix]]:
    """Yield the name of each drawn object with the matrix under which it is drawn."""
    page.contents_coalesce()
    content = page.obj.Contents.read_bytes()
    if len(content) > CONTENT_LIMIT_BYTES:
        raise PdfWithoutPicture
    current: Matrix = (1.0, 0.0, 0.0, 1.0)
    saved: list[Matrix] = []
    for step in pikepdf.parse_content_stream(page, "q Q cm Do"):
        match str(step.operator):
            case "q":
                saved.append(current)
            case "Q" if saved:
                current = saved.pop()
            case "cm":
                current = _joined([float(number) for number in list(step.operands)[:4]], current)
            case "Do":
                yield str(step.operands[0]), current


def _joined(first: list[float], then: Matrix) -> Matrix:
    """Return the linear part of one transformation followed by another; shifts cover nothing."""
    across, up, along, high = first
    return (
        across * then[0] + up * then[2],
        across * then[1] + up * then[3],
        along * then[0] + high * then[2],
        along * then[1] + high * then[3],
    )


def _extract(stream: pikepdf.Stream) -> bytes:
    """Return a JPEG as it lies in the file, other plain pixels as PNG."""
    image = pikepdf.PdfImage(stream)
    if image.width * image.height > PIXELS_LIMIT or len(image.filters) > 1:
        raise PdfWithoutPicture
    if image.filters == ["/DCTDecode"]:
        return stream.read_raw_bytes()
    if image.filters not in ([], ["/FlateDecode"]):
        raise PdfWithoutPicture
    out = io.BytesIO()
    image.as_pil_image().save(out, "PNG", compress_level=1)
    return out.getvalue()
