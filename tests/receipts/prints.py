"""How amounts and moments are printed."""

from datetime import datetime
from random import Random

from kasa.domain.kernel.money import KHR, Money
from tests.receipts.facts import local

SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FULL = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
KHMER = (
    *("មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា"),
    *("កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"),
)
DATE_STYLES = (
    *(
        "dot_at",
        "day_first",
        "iso",
        "iso_short",
        "slashes",
        "dashes",
        "us",
        "full_month",
        "weekday",
    ),
    *("day_first_seconds", "two_digits", "us_full"),
)
_KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")


def grouped(money: Money, *, decimals: bool = False, swapped: bool = False) -> str:
    """Return a number with groups: ``25,000``, ``25,000.00`` or ``25.000,00``, ``6.25``."""
    whole, point, rest = money.text.partition(".")
    text = f"{int(whole):,}{point}{rest}" + (".00" if decimals and not point else "")
    return text.translate(str.maketrans(",.", ".,")) if swapped else text


def with_code(money: Money, *, decimals: bool = False, swapped: bool = False) -> str:
    """Return ``25,000 KHR``."""
    return f"{grouped(money, decimals=decimals, swapped=swapped)} {money.currency.code}"


def with_word(money: Money) -> str:
    """Return ``25,000 រៀល``."""
    return f"{grouped(money)} {'រៀល' if money.currency == KHR else 'ដុល្លារ'}"


def sign(money: Money) -> str:
    """Return the sign of a currency."""
    return "៛" if money.currency == KHR else "$"


def khmer_digits(text: str) -> str:
    """Return a text with Khmer digits."""
    return text.translate(_KHMER_DIGITS)


def clock(at: datetime, *, padded: bool = True, lower: bool = False, gap: str = " ") -> str:
    """Return ``09:21 AM``."""
    hour = (at.hour + 11) % 12 + 1
    half = "AM" if at.hour < 12 else "PM"
    return (
        f"{hour:{'02d' if padded else 'd'}}:{at.minute:02d}{gap}{half.lower() if lower else half}"
    )


def khmer_clock(at: datetime) -> str:
    """Return ``០២:២១ ល្ងាច``."""
    half = "ព្រឹក" if at.hour < 12 else "ល្ងាច"
    return khmer_digits(f"{(at.hour + 11) % 12 + 1:02d}:{at.minute:02d} ") + half


def date_text(style: str, moment: datetime) -> str:
    """Return a moment in one of ``DATE_STYLES``."""
    at = local(moment)
    month = SHORT[at.month - 1]
    texts = {
        "dot_at": f"{month} {at.day}, {at.year} at {clock(at)}",
        "day_first": f"{at.day} {month} {at.year}, {clock(at, lower=True)}",
        "iso": f"{at:%Y-%m-%d %H:%M:%S}",
        "iso_short": f"{at:%Y-%m-%d %H:%M}",
        "slashes": f"{at:%d/%m/%Y %H:%M}",
        "dashes": f"{at:%d-%m-%Y %H:%M:%S}",
        "us": f"{month} {at.day:02d}, {at.year} {clock(at)}",
        "us_full": f"{FULL[at.month - 1]} {at.day}, {at.year} {clock(at, padded=False)}",
        "full_month": f"{at.day:02d} {FULL[at.month - 1]} {at.year} {at:%H:%M}",
        "weekday": f"{at:%a}, {at.day} {month} {at.year} {clock(at)}",
        "day_first_seconds": f"{at.day:02d} {month} {at.year} {at:%H:%M:%S}",
        "two_digits": f"{at:%d/%m/%y} {clock(at)}",
    }
    return texts[style]


def with_seconds(style: str) -> bool:
    """Tell whether a style prints seconds."""
    return style in {"iso", "dashes", "day_first_seconds", "wing", "ppc"}


def iso(moment: datetime, *, seconds: bool = False) -> str:
    """Return the label of a printed moment, as precise as printed."""
    at = local(moment)
    return (at if seconds else at.replace(second=0)).isoformat(timespec="seconds")


def amount_text(money: Money, random: Random) -> str:
    """Return an amount in one of the forms that unknown banks print."""
    plain, cents = grouped(money), grouped(money, decimals=True)
    code, symbol = money.currency.code, sign(money)
    forms = [f"{plain} {code}", f"{code} {plain}", f"{cents} {code}", f"{symbol}{plain}"]
    forms += [f"{symbol} {plain}", f"{plain} {symbol}", f"{plain}{symbol}"]
    return random.choice(forms)
