"""QR codes: drawing a text, finding the texts in a picture."""

from typing import Protocol

import attrs

from kasa.domain.kernel.errors import Invalid

QUIET_MODULES = 4


class CodeTooLong(Invalid):
    """The text is too long for a QR code."""

    code = "code.too_long"


@attrs.frozen
class CodeMatrix:
    """The dark modules of a QR code, row by row from the top, without the quiet zone.

    Whoever draws it leaves ``QUIET_MODULES`` light modules on every side.
    """

    rows: tuple[tuple[bool, ...], ...]

    @property
    def side(self) -> int:
        """Modules on one side."""
        return len(self.rows)


class QrCodes(Protocol):
    """Draws and reads QR codes."""

    def draw(self, text: str) -> CodeMatrix:
        """Return the matrix of a text at error level M; the same text gives the same matrix.

        Raise ``code.too_long`` when no QR code can hold it.
        """

    def read(self, picture: bytes) -> tuple[str, ...]:
        """Return the texts of all QR codes in a clean picture, from the top; often none.

        The picture comes from an ``ImageCleaner``. Raise ``Unavailable`` when it cannot be read
        now.
        """
