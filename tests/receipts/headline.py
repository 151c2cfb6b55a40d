"""The large amount of a screen, and how forgers change it."""

from random import Random

import attrs

from tests.receipts.facts import Transfer
from tests.receipts.fonts import BOLD, REGULAR
from tests.receipts.page import Page
from tests.receipts.prints import sign

FORMS = ("code_after", "code_before", "sign_before", "sign_after", "sign_spaced", "word")


@attrs.frozen(kw_only=True)
class Figure:
    """A printed amount in three parts: before, number, after; ``small`` draws the rest smaller."""

    before: str
    number: str
    after: str
    small: bool = False

    @property
    def text(self) -> str:
        """The whole as printed."""
        return f"{self.before}{self.number}{self.after}".strip()


def unit(transfer: Transfer) -> tuple[str, str]:
    """Return the sign and the code that are printed."""
    money = transfer.amount
    return transfer.foreign or (sign(money), money.currency.code)


def figure(form: str, number: str, transfer: Transfer, *, minus: str = "") -> Figure:
    """Return the parts of a headline in one of ``FORMS``."""
    symbol, code = unit(transfer)
    word = {"៛": "រៀល", "$": "ដុល្លារ"}.get(symbol, code)
    before, after = {
        "code_after": ("", f" {code}"),
        "code_before": (f"{code} ", ""),
        "sign_before": (symbol, ""),
        "sign_after": ("", f" {symbol}"),
        "sign_spaced": (f"{symbol} ", ""),
        "word": ("", f" {word}"),
    }[form]
    return Figure(before=minus + before, number=number, after=after)


def headline(
    page: Page,
    shown: Figure,
    transfer: Transfer,
    place: tuple[float, float],
    *,
    anchor: str = "l",
    fill: str | None = None,
    random: Random,
) -> None:
    """Draw the amount, forged when the transfer says so, and move below it."""
    look = page.look
    edited = transfer.before_edit is not None
    size = page.fitted(shown.text, look.head, 290, look.head_weight)
    rest = size * (0.72 if shown.small else 1)
    parts = ((shown.before, size), (shown.number, size), (shown.after, rest))
    width = sum(page.width_of(text, part, look.head_weight) for text, part in parts)
    left = place[0] - {"l": 0, "m": width / 2, "r": width}[anchor]
    boxes = []
    for text, part in parts:
        forged = edited and text == shown.number
        grown = part * random.uniform(1.0, 1.12) if forged else part
        if forged:
            _patch(page, (left, place[1]), page.width_of(text, grown, BOLD), grown)
        weight = (BOLD if look.head_weight != BOLD else REGULAR) if forged else look.head_weight
        if text:
            top = place[1] + (size - part) * 1.02
            boxes.append(page.text((left, top), text, grown, weight=weight, fill=fill))
        left += page.width_of(text, grown, weight)
    whole = (boxes[0][0], min(b[1] for b in boxes), boxes[-1][2], max(b[3] for b in boxes))
    page.mark("amount", shown.text, whole)
    page.y = place[1] + size * 1.45


def _patch(page: Page, place: tuple[float, float], width: float, size: float) -> None:
    """Paint over what stood there, in a tone that is nearly the card's."""
    left, top = (page.pixels(value) for value in place)
    tone = page.image.getpixel((min(left + 1, page.image.width - 1), top))
    if not isinstance(tone, tuple):
        return
    near = tuple(max(0, value - 3) for value in tone)
    right, low = left + page.pixels(width), top + page.pixels(size * 1.3)
    page.draw.rectangle((left, top, right, low), fill=near[:3])
