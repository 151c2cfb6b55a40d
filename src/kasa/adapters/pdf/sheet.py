"""Pages that fill from the top; what is laid out first is drawn when the page count is known."""

from collections.abc import Callable
from enum import Enum
from typing import Self

import attrs

from kasa.adapters.pdf.fonts import FontChain
from kasa.adapters.pdf.khmer import KasaCanvas, TextLine, wrapped
from kasa.application.ports.documents import Template

MM = 72 / 25.4
LEADING_PERCENT = 150
NARROW = 300
"""A page of fewer points has no columns."""
INK, FAINT, RULE = "#16202a", "#5b6670", "#c9d1d6"

Piece = Callable[[KasaCanvas, float], None]
"""Draws something on a canvas whose page is so many points high."""


class Align(Enum):
    """Where a text stands in its width."""

    LEFT = 0
    MIDDLE = 1
    RIGHT = 2


@attrs.frozen(kw_only=True)
class PageForm:
    """A page in points: its size, margins, the size of its text and of its payment code.

    The height of a ``rolled`` page is what it needs, up to its own.
    """

    width: float
    height: float
    margin: float
    size: float
    code: float
    rolled: bool = False

    @property
    def inner(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin


FORMS = {
    Template.A4: PageForm(width=210 * MM, height=297 * MM, margin=48, size=9.5, code=34 * MM),
    Template.A5: PageForm(width=148 * MM, height=210 * MM, margin=30, size=8, code=31 * MM),
    Template.ROLL80: PageForm(
        width=80 * MM, height=14_000, margin=4 * MM, size=8, code=40 * MM, rolled=True
    ),
}


@attrs.frozen(kw_only=True)
class Style:
    """How a text looks: size in points, weight, colour, place."""

    size: float
    bold: bool = False
    colour: str = INK
    align: Align = Align.LEFT

    def but(self, **changes: object) -> Self:
        """Return it with some of its values changed."""
        return attrs.evolve(self, **changes)  # type: ignore[arg-type] # attrs checks the names


class Sheet:
    """Pages in the making, with a place on the last one; heights count from the top."""

    def __init__(self, form: PageForm, chain: FontChain) -> None:
        self.form = form
        self.chain = chain
        self.top = form.margin
        self.pages: list[list[Piece]] = [[]]
        self.unprintable: dict[str, None] = {}
        self.fonts: set[str] = set()
        self.on_new_page: Callable[[], None] | None = None

    @property
    def style(self) -> Style:
        """The style of plain text on this page."""
        return Style(size=self.form.size)

    def add(self, piece: Piece) -> None:
        """Draw something on the last page."""
        self.pages[-1].append(piece)

    def need(self, height: float) -> None:
        """Begin a new page when the rest of this one is lower than ``height``."""
        if self.top + height <= self.form.height - self.form.margin - 2 * self.form.size:
            return
        self.pages.append([])
        self.top = self.form.margin
        if self.on_new_page is not None:
            self.on_new_page()

    def lines(self, text: str, style: Style, width: float) -> list[TextLine]:
        """Return the measured lines of a text, taking note of what cannot be printed."""
        found = wrapped(text, self.chain.faces(bold=style.bold), style.size, width=width)
        for line in found:
            self.unprintable.update(dict.fromkeys(line.unprintable))
            self.fonts.update(run.font.fontName for run in line.runs)
        return found

    def place(self, text: str, style: Style, *, left: float, width: float) -> float:
        """Lay a text at the present height into a column and return how high it is."""
        step = style.size * LEADING_PERCENT / 100
        lines = self.lines(text, style, width) if text else []
        for number, line in enumerate(lines):
            start = left + (width - line.width) * style.align.value / 2
            self._line(line, start, self.top + number * step + style.size, style.colour)
        return len(lines) * step

    def _line(self, line: TextLine, left: float, base: float, colour: str) -> None:
        def draw(canvas: KasaCanvas, height: float) -> None:
            canvas.setFillColor(colour)
            line.draw(canvas, left, height - base)

        self.add(draw)

    def block(self, text: str, style: Style, *, left: float, width: float) -> None:
        """Lay a text and move below it, from page to page where it is long."""
        step = style.size * LEADING_PERCENT / 100
        for line in self.lines(text, style, width) if text else []:
            self.need(step)
            start = left + (width - line.width) * style.align.value / 2
            self._line(line, start, self.top + style.size, style.colour)
            self.top += step

    def full(self, text: str, style: Style | None = None) -> None:
        """Lay a text over the whole width and move below it."""
        self.block(text, style or self.style, left=self.form.margin, width=self.form.inner)

    def rule(self, colour: str = RULE, thick: float = 0.7) -> None:
        """Draw a line over the whole width and move below it."""
        top, form = self.top, self.form

        def draw(canvas: KasaCanvas, height: float) -> None:
            canvas.setStrokeColor(colour)
            canvas.setLineWidth(thick)
            canvas.line(form.margin, height - top, form.width - form.margin, height - top)

        self.add(draw)
        self.top += form.size * 0.6

    def space(self, lines: float = 1) -> None:
        """Leave some lines empty."""
        self.top += self.form.size * lines

    def page_height(self) -> float:
        """Return the height of every page: on a roll, of the longest one."""
        if not self.form.rolled:
            return self.form.height
        return self.form.height if len(self.pages) > 1 else self.top + self.form.margin
