"""Pictures for suites, made without any library."""

import struct
import zlib
from collections.abc import Sequence

from kasa.application.ports.codes import QUIET_MODULES, CodeMatrix

WHITE, BLACK = 255, 0


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(rows: Sequence[bytes]) -> bytes:
    """Return a grey PNG picture of rows of pixels, one byte each."""
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def plain_png(width: int = 320, height: int = 240, level: int = WHITE) -> bytes:
    """Return a PNG picture of one shade of grey."""
    return png([bytes([level]) * width] * height)


def code_png(matrix: CodeMatrix, pixels: int = 6) -> bytes:
    """Return a PNG picture of a QR code with its quiet zone."""
    side = matrix.side + 2 * QUIET_MODULES
    light = [WHITE] * side
    edge = [WHITE] * QUIET_MODULES
    rows = [
        *[light] * QUIET_MODULES,
        *[[*edge, *(BLACK if dark else WHITE for dark in row), *edge] for row in matrix.rows],
        *[light] * QUIET_MODULES,
    ]
    wide = [bytes(level for level in row for _ in range(pixels)) for row in rows]
    return png([row for row in wide for _ in range(pixels)])


def pdf_of_picture(width: int = 320, height: int = 240) -> bytes:
    """Return a PDF of one page that a grey picture fills."""
    pixels = zlib.compress(bytes([200]) * (width * height))
    content = b"q 595 0 0 842 0 0 cm /Im0 Do Q"
    image = (
        f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8"
        f"/ColorSpace/DeviceGray/Filter/FlateDecode/Length {len(pixels)}>>"
    ).encode()
    return pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            (
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
                b"/Resources<</XObject<</Im0 5 0 R>>>>>>"
            ),
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            image + b"stream\n" + pixels + b"\nendstream",
        ]
    )


def pdf_file(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF file of numbered objects, the first one its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return (
        out
        + head
        + table
        + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, trailer, len(out))
    )
