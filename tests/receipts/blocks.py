"""Parts that screens share: the phone's bar, headlines, rows of labels and values."""

from collections.abc import Sequence
from random import Random

import attrs
from PIL import Image, ImageDraw

from tests.receipts.fonts import BOLD
from tests.receipts.page import Page

ROW_STYLES = ("spread", "column", "colon", "stacked", "grid", "table", "dotted")


@attrs.frozen(kw_only=True)
class Row:
    """A label and what stands beside it: texts, each with what it tells."""

    label: str
    values: tuple[tuple[str, str], ...]


@attrs.frozen(kw_only=True)
class Place:
    """Where rows stand: edges in units, how they are laid out, how wide labels may be."""

    left: float
    right: float
    style: str
    column: float = 0.42


def row(label: str, text: str | None, role: str = "") -> tuple[Row, ...]:
    """Return one row, or none when there is nothing to print."""
    return (Row(label=label, values=((text, role),)),) if text else ()


def phone_bar(page: Page, random: Random, fill: str | None = None) -> None:
    """Draw the clock, the signal and the battery of a phone."""
    ink = fill or page.look.ink
    hour, minute = random.randrange(24), random.randrange(60)
    page.text((20, 8), f"{hour}:{minute:02d}", 12.5, weight=BOLD, fill=ink)
    page.text((330, 8), random.choice(("4G", "5G", "LTE", "")), 11, weight=BOLD, fill=ink)
    page.box((356, 10, 378, 21), outline=ink, radius=3)
    page.text((361, 9), str(random.randrange(8, 100)), 9, fill=ink)
    for bar in range(4):
        page.box((308 + bar * 4, 19 - bar * 2.4, 311 + bar * 4, 21), ink)
    page.y = 34


def backdrop(page: Page, random: Random, top: str, bottom: str) -> None:
    """Paint the page from one colour into another, with some soft shapes of a wallpaper."""
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), _colour(top))
    strip.putpixel((0, 1), _colour(bottom))
    page.image.paste(strip.resize(page.image.size, Image.Resampling.BICUBIC))
    shapes = Image.new("L", page.image.size)
    drawn = ImageDraw.Draw(shapes)
    for _ in range(random.randrange(0, 14)):
        x, y = random.randrange(page.image.width), random.randrange(page.image.height)
        half = random.randrange(20, 160) * page.image.width // 800
        drawn.ellipse((x - half, y - half // 2, x + half, y + half // 2), fill=34)
    page.image.paste(Image.new("RGB", page.image.size, "#ffffff"), mask=shapes)


def _colour(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def rows(page: Page, shown: Sequence[Row], place: Place) -> None:
    """Draw rows from ``page.y`` on, and move it below them."""
    draw = {
        "stacked": _stacked,
        "grid": _grid,
    }.get(place.style, _beside)
    draw(page, shown, place)


def _beside(page: Page, shown: Sequence[Row], place: Place) -> None:
    """Labels on the left; values at the right edge or in a column."""
    look = page.look
    room = place.right - place.left
    for one in shown:
        label = one.label + (":" if place.style == "column" else "")
        width = room * place.column - 6
        size = page.fitted(label, look.label_size, width)
        end = page.text((place.left, page.y), label, size, fill=look.faint)[2] / page.unit
        height = look.size * 1.35
        at = page.y
        for text, role in one.values:
            at += _value(page, (text, role), place, (at, room))
        if place.style == "dotted" and len(one.values) == 1:
            _leader(page, end + 6, place.right - _wide(page, one, room) - 8)
        page.y = max(page.y + height, at) + look.gap * 0.75
        if place.style == "table":
            page.y -= look.gap * 0.2
            page.rule(place.left, place.right)
            page.y += look.gap * 0.55


def _wide(page: Page, one: Row, room: float) -> float:
    return min(room, page.width_of(one.values[0][0], page.look.size, page.look.value_weight))


def _value(page: Page, value: tuple[str, str], place: Place, where: tuple[float, float]) -> float:
    """Draw a value beside its label; return the height it took."""
    look = page.look
    (text, role), (top, room) = value, where
    in_column = place.style in {"column", "colon", "bare"}
    start = place.left + room * place.column
    x, anchor = (start, "l") if in_column else (place.right, "r")
    if place.style == "colon":
        page.text((start - 9, top), ":", look.size, fill=look.faint)
    return page.lines(
        (x, top),
        text,
        look.size,
        width=place.right - start,
        weight=look.value_weight,
        anchor=anchor,
        role=role,
    )


def _leader(page: Page, left: float, right: float) -> None:
    kept, page.y = page.y, page.y + page.look.size * 1.1
    at = left
    while at < right - 3:
        page.box((at, page.y, at + 1, page.y + 0.8), page.look.line)
        at += 4
    page.y = kept


def _stacked(page: Page, shown: Sequence[Row], place: Place) -> None:
    for one in shown:
        _cell(page, one, place.left, place.right)
        page.y += page.look.gap * 0.8


def _grid(page: Page, shown: Sequence[Row], place: Place) -> None:
    """Two cells beside each other, with lines around."""
    middle = (place.left + place.right) / 2
    for index in range(0, len(shown), 2):
        top, low = page.y, page.y
        for one, left in zip(shown[index : index + 2], (place.left, middle), strict=False):
            page.y = top + 7
            _cell(page, one, left + 10, left + middle - place.left - 6)
            low = max(low, page.y + 7)
        page.box((place.left, top, place.right, low), outline=page.look.line)
        page.box((middle, top, middle + 0.8, low), page.look.line)
        page.y = low
    page.y += page.look.gap


def _cell(page: Page, one: Row, left: float, right: float) -> None:
    """Draw a label and its values below it."""
    look = page.look
    size = page.fitted(one.label, look.label_size * 0.92, right - left)
    page.text((left, page.y), one.label, size, fill=look.faint)
    page.y += look.label_size * 1.45
    for text, role in one.values:
        weight = look.value_weight
        page.y += page.lines(
            (left, page.y), text, look.size, width=right - left, weight=weight, role=role
        )


def avatar(page: Page, centre: tuple[float, float], name: str, *, radius: float = 20) -> None:
    """Draw the initials of a payee in a disc."""
    page.disc(centre, radius, page.look.accent)
    letters = "".join(word[0] for word in name.split()[:2] if word[0].isalpha())
    place = (centre[0], centre[1] - radius * 0.62)
    page.text(place, letters, radius * 0.85, fill="#ffffff", anchor="m")


def buttons(page: Page, random: Random, words: Sequence[str]) -> None:
    """Draw a row of round buttons with their words."""
    page.y += random.uniform(14, 40)
    step = 400 / (len(words) + 1)
    for index, word in enumerate(words):
        centre = step * (index + 1)
        page.disc((centre, page.y + 15), 15, page.look.faint)
        size = page.fitted(word, 10.5, step - 4)
        page.text((centre, page.y + 36), word, size, fill=page.look.faint, anchor="m")
    page.y += 62


def wide_button(page: Page, word: str) -> None:
    """Draw one button over the whole width."""
    page.y += 16
    page.box((24, page.y, 376, page.y + 42), page.look.accent, radius=8)
    page.text((200, page.y + 11), word, 15, weight=BOLD, fill="#ffffff", anchor="m")
    page.y += 60


def small_print(page: Page, text: str) -> None:
    """Draw a line of small grey letters."""
    page.text((200, page.y), text, page.look.label_size * 0.8, fill=page.look.faint, anchor="m")
    page.y += page.look.label_size * 1.6
