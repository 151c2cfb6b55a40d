"""Bars that an evaluation has to reach: a released figure is a floor for the next release."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from kasa.application.payments.scoring import FIELDS, Figures
from kasa.domain.kernel.errors import Invalid

AT_MOST = frozenset(
    {
        "false_approvals",
        "approved_apart",
        "others_taken_for_receipts",
        "milliseconds_median",
        "milliseconds_p95",
        "memory_mib",
        *(f"{field}_{outcome}" for field in FIELDS for outcome in ("wrong", "unread")),
    }
)
"""Figures that may not rise above their bar; all others may not fall below it."""

AT_LEAST = frozenset(
    {"approved", "approved_hard", "true_reasons", *(f"{field}_exact" for field in FIELDS)}
)


class BarsInvalid(Invalid):
    """The file of bars is not a table of known figures with their numbers."""

    code = "evaluation.bars_invalid"


@attrs.frozen(kw_only=True)
class Bar:
    """One figure with its bar; ``seen`` is None where the set has nothing to measure."""

    figure: str
    wanted: Decimal
    seen: Fraction | None

    @property
    def is_ceiling(self) -> bool:
        """Whether the figure may not rise above the bar."""
        return self.figure in AT_MOST

    @property
    def is_missed(self) -> bool:
        """Whether the figure is on the wrong side of its bar; one not measured is not."""
        if self.seen is None:
            return False
        wanted = Fraction(self.wanted)
        return self.seen > wanted if self.is_ceiling else self.seen < wanted


def wanted_bars(document: Any) -> Mapping[str, Decimal]:
    """Return the bars of a decoded file, or raise ``evaluation.bars_invalid``.

    A flat table: the name of a figure, and its number; rates are in percent.
    """
    if not isinstance(document, Mapping) or not document:
        raise BarsInvalid
    unknown = sorted(str(name)[:40] for name in set(document) - AT_MOST - AT_LEAST)
    if unknown:
        known = ", ".join(sorted(AT_MOST | AT_LEAST))
        raise BarsInvalid(f"No figure is called {unknown[0]}. There are: {known}.")
    return {name: _number(name, value) for name, value in document.items()}


def _number(name: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise BarsInvalid(f"The bar of {name} has to be a number.")
    number = Decimal(value)
    if not number.is_finite() or number < 0:
        raise BarsInvalid(f"The bar of {name} has to be a number of at least 0.")
    return number


def bars_of(wanted: Mapping[str, Decimal], figures: Figures) -> tuple[Bar, ...]:
    """Return every bar beside the figure that was measured."""
    return tuple(
        Bar(figure=name, wanted=number, seen=figures.get(name)) for name, number in wanted.items()
    )
