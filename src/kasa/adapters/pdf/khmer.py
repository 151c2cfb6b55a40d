"""Text for PDF: Khmer shaped, broken between clusters, copied and searched as it was written.

Everything here that reaches into reportlab's private parts (``_code``, ``__shapeData__``,
``_rise``, ``hbAddPrivate``) is pinned by tests, so that an upgrade fails loudly.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

import attrs
from reportlab.lib.rl_accel import fp_str
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import ShapedStr, TTFont, shapeStr
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

PRIVATE_FIRST = 0xE000
SHAPED_GLYPHS_LIMIT = 6_400
ZERO_WIDTH_SPACE = "\u200b"
_JOINERS = "\u200c\u200d"
_DROPPED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ue000-\uf8ff]")
_CLUSTER = re.compile(
    "[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17d3\u17dd\u200c\u200d])*|.",
    re.DOTALL,
)
_KHMER = re.compile("[\u1780-\u17ff]")
_NEVER_FIRST = frozenset("។៕៖ៗ៘,.;:!?)]}%៛")
_SPACES = frozenset((" ", ZERO_WIDTH_SPACE))


class KasaFont(TTFont):  # type: ignore[misc] # reportlab has no types
    """A TrueType font whose shaped glyphs have the right widths and always the same codes.

    A glyph that no character reaches gets the private code U+E000 + its number, whatever was
    printed before; its width is scaled to thousandths as PDF counts them.
    """

    def hbFont(self, fontSize: float = 10) -> object:  # noqa: N802, N803 # reportlab's names
        """Return the font as HarfBuzz shapes with it."""
        found: object = super().hbFont(fontSize)
        self.hbAddPrivate = self._private
        return found

    @property
    def is_shaped(self) -> bool:
        """Whether its glyphs fit into the private area."""
        return int(self.face.numGlyphs) <= SHAPED_GLYPHS_LIMIT

    def has(self, cluster: str) -> bool:
        """Tell whether it has a glyph for every character of a cluster."""
        known = self.face.charToGlyph
        return all(ord(letter) in known for letter in cluster if letter not in _JOINERS)

    def _private(self, _name: str, glyph: int, advance: float) -> int:
        code = PRIVATE_FIRST + glyph
        if self.face.charToGlyph.get(code) != glyph:
            self.face.charWidths[code] = self.pdfScale(advance)
            self.face.charToGlyph[code] = glyph
            self.face.glyphToChar.setdefault(glyph, []).append(code)
        return code


class KasaText(PDFTextObject):  # type: ignore[misc] # reportlab has no types
    """A text object that returns to the base line after raised marks."""

    _rise: float

    def setRise(self, rise: float) -> None:  # noqa: N802 # reportlab's name
        """Move the base line up or down, keeping account of where it was."""
        self._code.append(f"{fp_str(rise)} Ts")
        self._y += self._rise - rise
        self._rise = rise


class KasaCanvas(Canvas):  # type: ignore[misc] # reportlab has no types
    """A canvas that writes text with ``KasaText``."""

    def beginText(self, x: float = 0, y: float = 0, direction: str | None = None) -> KasaText:  # noqa: N802 # reportlab's name
        """Return a new text object."""
        return KasaText(self, x, y, direction=direction)


@attrs.frozen
class Run:
    """Neighbouring clusters in one font; ``shown`` is what reportlab draws."""

    font: KasaFont
    shown: str
    width: float


@attrs.frozen(kw_only=True)
class TextLine:
    """One measured line: its runs, its width in points, its text as it was written."""

    text: str
    runs: tuple[Run, ...]
    width: float
    size: float
    unprintable: tuple[str, ...] = ()

    def draw(self, canvas: KasaCanvas, x: float, y: float) -> None:
        """Draw it from ``x`` along the base line ``y``, under its own text for copy and search."""
        if not self.text:
            return
        written = self.text.encode("utf-16-be", "replace").hex().upper()
        canvas._code.append(f"/Span<</ActualText<FEFF{written}>>>BDC")  # noqa: SLF001 # there is no public way
        self.draw_plain(canvas, x, y)
        canvas._code.append("EMC")  # noqa: SLF001 # there is no public way

    def draw_plain(self, canvas: KasaCanvas, x: float, y: float) -> None:
        """Draw it without its text, as decoration."""
        for run in self.runs:
            canvas.setFont(run.font.fontName, self.size)
            canvas.drawString(x, y, run.shown)
            x += run.width


def cleaned(text: str) -> str:
    """Return text in NFC without control and private-use characters; line feeds stay."""
    return _DROPPED.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))


def has_khmer(text: str) -> bool:
    """Tell whether a text has Khmer letters or signs."""
    return _KHMER.search(text) is not None


def clusters(text: str) -> Iterator[str]:
    """Yield what is never split: Khmer bases with their signs, letters with their marks."""
    pending = ""
    for found in _CLUSTER.finditer(text):
        piece = found.group()
        if pending and (piece in _JOINERS or unicodedata.category(piece[0]).startswith("M")):
            pending += piece
            continue
        if pending:
            yield pending
        pending = piece
    if pending:
        yield pending


def measured(text: str, chain: Sequence[KasaFont], size: float) -> TextLine:
    """Return one line of text in the first fonts that have its clusters."""
    runs: list[tuple[KasaFont, str]] = []
    missing: dict[str, None] = {}
    for cluster in clusters(text.replace(ZERO_WIDTH_SPACE, "")):
        font = next((font for font in chain if font.has(cluster)), None)
        if font is None:
            missing[cluster] = None
        found, shown = (chain[0], "?") if font is None else (font, cluster)
        if runs and runs[-1][0] is found:
            runs[-1] = (found, runs[-1][1] + shown)
        else:
            runs.append((found, shown))
    drawn = tuple(_run(font, shown, size) for font, shown in runs)
    width = sum(run.width for run in drawn)
    return TextLine(text=text, runs=drawn, width=width, size=size, unprintable=tuple(missing))


def wrapped(text: str, chain: Sequence[KasaFont], size: float, *, width: float) -> list[TextLine]:
    """Return the lines of a text, each at most ``width`` points wide where that is possible."""
    return [
        measured(line.strip(), chain, size)
        for paragraph in cleaned(text).split("\n")
        for line in _broken(paragraph, chain, size, width)
    ]


def _broken(text: str, chain: Sequence[KasaFont], size: float, width: float) -> Iterator[str]:
    pieces = [(piece, measured(piece, chain, size).width) for piece in clusters(text)]
    start = place = 0
    total = 0.0
    while place < len(pieces):
        piece, wide = pieces[place]
        if total + wide > width and place > start and piece not in _SPACES:
            end = _end([text for text, _ in pieces[: place + 1]], start, place)
            yield "".join(text for text, _ in pieces[start:end])
            start = place = end
            total = 0.0
            continue
        total += wide
        place += 1
    yield "".join(text for text, _ in pieces[start:])


def _end(pieces: Sequence[str], start: int, place: int) -> int:
    """Return where a line ends that has to end at ``place``: after a space, else at a cluster.

    A space in the first third is no place to end; a Latin word is cut only when nothing else is
    left, and no line begins with a closing sign.
    """
    allowed = [end for end in range(start + 1, place + 1) if pieces[end] not in _NEVER_FIRST]
    spaces = [end for end in allowed if pieces[end - 1] in _SPACES]
    if spaces and 3 * (spaces[-1] - start) >= place - start:
        return spaces[-1]
    between = [end for end in allowed if has_khmer(pieces[end - 1]) and has_khmer(pieces[end])]
    return (between or spaces or allowed or [place])[-1]


def _run(font: KasaFont, text: str, size: float) -> Run:
    """Shape a run where it needs that; plain Latin is drawn three times faster without."""
    if font.is_shaped and _needs_shaping(text):
        shown = shapeStr(text, font.fontName, size)
        if isinstance(shown, ShapedStr):
            width = sum(glyph.x_advance for glyph in shown.__shapeData__) * size / 1000
            return Run(font, shown, width)
    return Run(font, text, stringWidth(text, font.fontName, size))


def _needs_shaping(text: str) -> bool:
    return any(
        _KHMER.match(letter) or letter in _JOINERS or unicodedata.category(letter).startswith("M")
        for letter in text
    )
