"""Sample receipts: look-alikes with invented names, labelled, that text recognition can read.

The fonts are those of the packages `fontpkg-noto-sans` and `fontpkg-noto-sans-khmer` (extra
`pdf`); without them Latin text is drawn in Pillow's own font.
"""

import io
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kasa.adapters.images.looks import Screen, screen
from kasa.application.ports.images import SampleFontMissing, SampleReceipt

LABEL = "SAMPLE - drawn by kasa, nothing was paid"
WIDTH, MARGIN, ROW = 1080, 64, 92
HEADLINE, NAME, TEXT, SMALL = 78, 50, 42, 34
REGULAR, BOLD = 400, 700
_PACKAGES = {False: "fontpkg_noto_sans", True: "fontpkg_noto_sans_khmer"}

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


class DrawnSampleReceipts:
    """Draws a receipt as one card of label and value rows."""

    def draw(self, receipt: SampleReceipt) -> bytes:
        """Return a PNG picture, visibly labelled SAMPLE."""
        out = io.BytesIO()
        _Sheet(screen(receipt)).drawn().save(out, "PNG", compress_level=6)
        return out.getvalue()


class _Sheet:
    """One picture, filled from the top."""

    def __init__(self, shown: Screen) -> None:
        self._shown = shown
        height = 560 + ROW * sum(self._lines(row) for row in shown.rows) + 240
        self._image = Image.new("RGB", (WIDTH, height), shown.paper)
        self._draw = ImageDraw.Draw(self._image)
        self._top = 150

    def drawn(self) -> Image.Image:
        """Return the whole picture."""
        shown = self._shown
        self._label(0)
        if shown.status:
            self._middle(shown.status, NAME, shown.accent)
        if shown.above_name:
            self._left(shown.above_name, TEXT, shown.faint)
        names = [(shown.headline, HEADLINE, BOLD), (shown.name, NAME, REGULAR)]
        for text, size, weight in reversed(names) if shown.khmer else names:
            self._left(text, size, shown.ink, weight)
        self._rule()
        for label, value in shown.rows:
            self._row(label, value)
        self._rule()
        if shown.brand:
            self._middle(shown.brand, NAME, shown.accent)
        self._label(self._image.height - 76)
        return self._image

    def _label(self, top: int) -> None:
        """Draw the band that tells that this is a sample."""
        self._draw.rectangle((0, top, WIDTH, top + 76), fill="#fff6d6")
        found = font(khmer=False, size=SMALL, weight=BOLD)
        self._draw.text((WIDTH // 2, top + 38), LABEL, font=found, fill="#16202a", anchor="mm")

    def _font(self, size: int, weight: int = REGULAR) -> Font:
        return font(khmer=self._shown.khmer, size=size, weight=weight)

    def _middle(self, text: str, size: int, colour: str) -> None:
        place = (WIDTH // 2, self._top)
        self._draw.text(place, text, font=self._font(size, BOLD), fill=colour, anchor="ma")
        self._top += size + 50

    def _left(self, text: str, size: int, colour: str, weight: int = REGULAR) -> None:
        fitted = self._fitted(text, size, weight, WIDTH - 2 * MARGIN)
        self._draw.text((MARGIN, self._top), text, font=fitted, fill=colour, anchor="la")
        self._top += size + 36

    def _rule(self) -> None:
        self._draw.line((MARGIN, self._top, WIDTH - MARGIN, self._top), fill="#c9d1d6", width=3)
        self._top += 36

    def _lines(self, row: tuple[str, str]) -> int:
        return 1 if self._narrow(row) else 2

    def _narrow(self, row: tuple[str, str]) -> bool:
        """Tell whether label and value fit on one line."""
        label, value = (self._font(TEXT).getlength(text) for text in row)
        return label * 1.0 + value * 1.1 + 60 < WIDTH - 2 * MARGIN

    def _row(self, label: str, value: str) -> None:
        """Draw the label on the left and the value on the right, below it when it is long."""
        narrow = self._narrow((label, value))
        start, faint = (MARGIN, self._top), self._shown.faint
        self._draw.text(start, label, font=self._font(TEXT), fill=faint, anchor="la")
        self._top += 0 if narrow else ROW
        fitted = self._fitted(value, TEXT, BOLD, WIDTH - 2 * MARGIN)
        place = (WIDTH - MARGIN, self._top)
        self._draw.text(place, value, font=fitted, fill=self._shown.ink, anchor="ra")
        self._top += ROW

    def _fitted(self, text: str, size: int, weight: int, width: int) -> Font:
        """Return a font in which a text is not wider than its place."""
        wanted = self._font(size, weight).getlength(text)
        return self._font(int(size * min(1, width / max(wanted, 1))), weight)


@cache
def font(*, khmer: bool, size: int, weight: int) -> Font:
    """Return a font of a size in pixels, or raise ``sample.font_missing`` for Khmer."""
    path = _found(_PACKAGES[khmer])
    if path is None:
        if khmer:
            raise SampleFontMissing
        return ImageFont.load_default(size)
    face = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)
    wanted = {b"Weight": weight, b"Width": 100}
    face.set_variation_by_axes([wanted[axis["name"]] for axis in face.get_variation_axes()])
    return face


def _found(package: str) -> Path | None:
    """Return the upright font file of a package, or None when it is not installed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    files = sorted((Path(spec.origin).parent / "files").glob("*.ttf"))
    return next((path for path in files if "Italic" not in path.name), None)
