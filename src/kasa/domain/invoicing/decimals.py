"""Exact decimals as scaled integers: quantities, unit prices and percents."""

from decimal import Decimal


def fits(value: Decimal, places: int, below: int) -> bool:
    """Return whether a number is 0 or more, below ``below``, with at most ``places`` decimals."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and 0 <= value < below and exponent >= -places


def scaled(value: Decimal, places: int) -> int:
    """Return ``value * 10^places``; exact for every number that ``fits``."""
    return int(value.scaleb(places))


def plain(value: Decimal) -> str:
    """Return a number as plain digits without trailing zeros: ``2.50`` is ``2.5``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
