"""QR codes with segno and zxing-cpp, which needs the extra `ocr`."""

import io

import segno
import zxingcpp
from PIL import Image

from kasa.adapters.sandbox.pool import SandboxPool
from kasa.application.ports.codes import CodeMatrix, CodeTooLong

CODES_LIMIT = 20
TEXT_LIMIT = 4_096
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


class SegnoZxingCodes:
    """Draws codes in this process and reads them, as untrusted pictures, in a child's."""

    def __init__(self, sandbox: SandboxPool) -> None:
        self._sandbox = sandbox

    def draw(self, text: str) -> CodeMatrix:
        """Return the matrix of a text at error level M, in UTF-8."""
        try:
            code = segno.make_qr(text, error="m", encoding="utf-8", boost_error=False)
        except segno.DataOverflowError as error:
            raise CodeTooLong from error
        return CodeMatrix(tuple(tuple(bool(module) for module in row) for row in code.matrix))

    def read(self, picture: bytes) -> tuple[str, ...]:
        """Return the texts of all QR codes in a clean picture."""
        return self._sandbox.run(read_codes, picture)


def read_codes(picture: bytes) -> tuple[str, ...]:
    """Return the texts of at most 20 codes, from the top; runs in a child process."""
    with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as image:
        grey = image.convert("L")
    found = zxingcpp.read_barcodes(grey, formats=QR_CODES, text_mode=zxingcpp.TextMode.Plain)
    by_place = sorted(found, key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return tuple(code.text[:TEXT_LIMIT] for code in by_place[:CODES_LIMIT])
