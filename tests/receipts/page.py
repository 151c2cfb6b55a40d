"""The surface a screen is drawn on: texts in two scripts, and a note of what stands where."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import attrs
from PIL import Image, ImageDraw

from tests.receipts.fonts import BOLD, MEDIUM, REGULAR, Face, Font, font, is_khmer

UNITS = 400
"""The width of a page in units; sizes of letters are units too, so pixels scale with the page."""

Box = tuple[int, int, int, int]


@attrs.frozen(kw_only=True)
class Look:
    """Colours, faces and measures of one phone and app; sizes are in units."""

    width: int
    latin: Face
    khmer: Face
    paper: str
    card: str
    ink: str
    faint: str
    accent: str
    line: str
    dark: bool
    size: float
    label_size: float
    head: float
    gap: float
    value_weight: int
    head_weight: int


@attrs.frozen(kw_only=True)
class Mark:
    """One text on the page: what it tells (``role``), as printed, and where."""

    role: str
    text: str
    box: Box


_LIGHT = (
    ("#ffffff", "#f5f8fb", "#111827", "#6b7280"),
    ("#f2f4f7", "#ffffff", "#1b1b1f", "#7a7f87"),
    ("#ffffff", "#ffffff", "#0c2340", "#8a94a3"),
    ("#fdf7ee", "#ffffff", "#2b2118", "#857a6d"),
    ("#eef7f1", "#ffffff", "#10281b", "#6d8075"),
)
_DARK = (
    ("#0b1820", "#22303c", "#ffffff", "#aab6c0"),
    ("#111111", "#1e1e22", "#f4f4f5", "#a1a1aa"),
    ("#1a1433", "#2a2250", "#ffffff", "#b9b2dd"),
)
ACCENTS = ("#0b5d7a", "#c8202f", "#1c7c3c", "#3b5bdb", "#7048b6", "#d9480f", "#0c8599", "#a61e4d")


def look(
    random: Random, latin: tuple[Face, ...], khmer: tuple[Face, ...], *, light: bool = False
) -> Look:
    """Return a phone and an app at random; ``light`` for those that know no dark theme."""
    dark = random.random() < 0.22 and not light
    paper, card, ink, faint = random.choice(_DARK if dark else _LIGHT)
    size = random.uniform(12.8, 16.5)
    return Look(
        width=random.choice((720, 828, 1080, 1080, 1170, 1242)),
        latin=random.choice(latin),
        khmer=random.choice(khmer),
        paper=paper,
        card=card,
        ink=ink,
        faint=faint,
        accent=random.choice(ACCENTS),
        line="#3d4a55" if dark else "#d6dbe0",
        dark=dark,
        size=size,
        label_size=size * random.choice((1, 1, 0.92, 0.88)),
        head=random.uniform(22, 31),
        gap=random.uniform(10, 20),
        value_weight=random.choice((REGULAR, MEDIUM, BOLD)),
        head_weight=random.choice((MEDIUM, BOLD, BOLD)),
    )


class Page:
    """One picture, filled from the top: ``y`` is the next free place, in units."""

    def __init__(self, shown: Look, *, height: int = 1400) -> None:
        self.look = shown
        self.unit = shown.width / UNITS
        self.image = Image.new("RGB", (shown.width, int(height * self.unit)), shown.paper)
        self.draw = ImageDraw.Draw(self.image)
        self.marks: list[Mark] = []
        self.y = 0.0

    def pixels(self, units: float) -> int:
        """Return a measure in pixels."""
        return round(units * self.unit)

    def width_of(self, text: str, size: float, weight: int = REGULAR) -> float:
        """Return how wide a text is, in units."""
        runs = self._runs(text, size, weight)
        return sum(face.getlength(run) for run, face in runs) / self.unit

    def text(
        self,
        place: tuple[float, float],
        text: str,
        size: float,
        *,
        weight: int = REGULAR,
        fill: str | None = None,
        anchor: str = "l",
        role: str = "",
    ) -> Box:
        """Draw one line with its top at ``place``; ``anchor`` is l, m or r. Return its box."""
        width = self.width_of(text, size, weight) * self.unit
        start = {"l": 0.0, "m": width / 2, "r": width}[anchor]
        left, top = place[0] * self.unit - start, place[1] * self.unit
        baseline, at = top + size * self.unit * 1.02, left
        for run, face in self._runs(text, size, weight):
            self.draw.text((at, baseline), run, font=face, fill=fill or self.look.ink, anchor="ls")
            at += face.getlength(run)
        box = (int(left), int(top), int(at) + 1, int(top + size * self.unit * 1.35))
        if role:
            self.mark(role, text, box)
        return box

    def lines(
        self,
        place: tuple[float, float],
        text: str,
        size: float,
        *,
        width: float,
        weight: int = REGULAR,
        fill: str | None = None,
        anchor: str = "l",
        role: str = "",
    ) -> float:
        """Draw a text over as many lines as it needs; return the height in units."""
        rows = self.broken(text, size, width, weight)
        boxes = [
            self.text(
                (place[0], place[1] + index * size * 1.35),
                row,
                size,
                weight=weight,
                fill=fill,
                anchor=anchor,
            )
            for index, row in enumerate(rows)
        ]
        if role:
            self.mark(role, text, _around(boxes))
        return len(rows) * size * 1.35

    def broken(self, text: str, size: float, width: float, weight: int = REGULAR) -> list[str]:
        """Return a text cut at its spaces into lines that are no wider than asked."""
        rows = [""]
        for word in text.split(" "):
            longer = f"{rows[-1]} {word}".strip()
            if rows[-1] and self.width_of(longer, size, weight) > width:
                rows.append(word)
            else:
                rows[-1] = longer
        return rows

    def fitted(self, text: str, size: float, width: float, weight: int = REGULAR) -> float:
        """Return the size at which a text is not wider than its place."""
        return size * min(1.0, width / max(1.0, self.width_of(text, size, weight)))

    def mark(self, role: str, text: str, box: Box) -> None:
        """Note that a text stands somewhere."""
        self.marks.append(Mark(role=role, text=text, box=box))

    def box(
        self,
        place: tuple[float, float, float, float],
        fill: str | None = None,
        *,
        radius: float = 0,
        outline: str | None = None,
    ) -> None:
        """Draw a rectangle, in units."""
        pixels = tuple(self.pixels(value) for value in place)
        self.draw.rounded_rectangle(
            pixels, self.pixels(radius), fill=fill, outline=outline, width=max(1, self.pixels(0.8))
        )

    def disc(self, centre: tuple[float, float], radius: float, fill: str) -> None:
        """Draw a filled circle."""
        left, top = centre[0] - radius, centre[1] - radius
        pixels = [self.pixels(v) for v in (left, top, left + 2 * radius, top + 2 * radius)]
        self.draw.ellipse((pixels[0], pixels[1], pixels[2], pixels[3]), fill=fill)

    def tick(self, centre: tuple[float, float], radius: float, fill: str) -> None:
        """Draw the mark of a finished transfer: a disc with a tick."""
        self.disc(centre, radius, fill)
        x, y = centre
        points = ((-0.45, 0.02), (-0.1, 0.35), (0.45, -0.32))
        line = [(self.pixels(x + dx * radius), self.pixels(y + dy * radius)) for dx, dy in points]
        self.draw.line(line, fill="#ffffff", width=max(2, self.pixels(radius * 0.16)))

    def rule(self, left: float, right: float, *, dashed: bool = False) -> None:
        """Draw a thin line at ``y``."""
        step = 6 if dashed else right - left
        at = left
        while at < right:
            end = min(right, at + step * (0.6 if dashed else 1))
            line = [self.pixels(v) for v in (at, self.y, end, self.y)]
            self.draw.line(line, fill=self.look.line, width=max(1, self.pixels(0.7)))
            at += step

    @contextmanager
    def card(
        self,
        left: float,
        right: float,
        *,
        fill: str | None = None,
        radius: float = 8,
        pad: float = 14,
    ) -> Iterator[None]:
        """Put what is drawn inside on a card that ends below it."""
        base, top = self.image, self.y
        self.image = Image.new("RGB", base.size, fill or self.look.card)
        self.draw = ImageDraw.Draw(self.image)
        self.y += pad
        yield
        self.y += pad
        mask = Image.new("L", base.size)
        box = (self.pixels(left), self.pixels(top), self.pixels(right), self.pixels(self.y))
        ImageDraw.Draw(mask).rounded_rectangle(box, self.pixels(radius), fill=255)
        base.paste(self.image, mask=mask)
        self.image, self.draw = base, ImageDraw.Draw(base)

    def finished(self, height: float | None = None) -> Image.Image:
        """Return the picture, cut below what was drawn or at a height in units."""
        end = self.pixels(self.y if height is None else max(height, self.y))
        return self.image.crop((0, 0, self.image.width, min(end, self.image.height)))

    def _runs(self, text: str, size: float, weight: int) -> list[tuple[str, Font]]:
        runs: list[tuple[str, bool]] = []
        for letter in text:
            khmer = is_khmer(letter) or (letter in "\u200b\u200c\u200d" and bool(runs))
            if letter == " " and runs:
                khmer = runs[-1][1]
            if runs and runs[-1][1] is khmer:
                runs[-1] = (runs[-1][0] + letter, khmer)
            else:
                runs.append((letter, khmer))
        pixels = max(6, round(size * self.unit))
        return [
            (run, font(self.look.khmer if khmer else self.look.latin, pixels, weight))
            for run, khmer in runs
        ]


def _around(boxes: list[Box]) -> Box:
    """Return the smallest box that holds all."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
