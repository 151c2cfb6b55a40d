"""The goods that a credit note takes back; the note itself names money only."""

from decimal import Decimal
from enum import StrEnum

import attrs


class Restock(StrEnum):
    """Where goods of a credited line go: back on the shelf, away, or they stay where they are."""

    RESTOCK = "restock"
    SCRAP = "scrap"
    KEEP = "keep"


@attrs.frozen(kw_only=True)
class ReturnedGoods:
    """``quantity`` of a line, in the line's unit, and what becomes of it."""

    line_no: int
    quantity: Decimal
    restock: Restock = Restock.RESTOCK
