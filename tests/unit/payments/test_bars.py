"""Bars of an evaluation: which figures hold, and what is no file of bars."""

from decimal import Decimal

import pytest

from kasa.application.payments.bars import AT_LEAST, AT_MOST, BarsInvalid, bars_of, wanted_bars
from tests.unit.payments.test_evaluating import LINES, OTHER, case, evaluated


def test_bars_hold_figures() -> None:
    """Rates are floors in percent, faults and times are ceilings; what is not there is no miss."""
    found = evaluated(
        case("a"), case("b", decision="review", attack="x"), shown={"a": LINES, "b": OTHER}
    )
    wanted = {
        "approved": (100, False),
        "amount_exact": (101, True),
        "false_approvals": (0, True),
        "amount_wrong": (0, False),
        "hash_exact": (99, False),
        "milliseconds_p95": (10**9, False),
    }
    bars = bars_of(wanted_bars({name: bar for name, (bar, _) in wanted.items()}), found.figures)
    assert {bar.figure: bar.is_missed for bar in bars} == {
        name: missed for name, (_, missed) in wanted.items()
    }
    assert {bar.figure for bar in bars if bar.seen is None} == {"hash_exact"}


def test_every_figure_has_a_side() -> None:
    """A bar can be set for every figure, and every bar has its figure."""
    assert set(evaluated(shown={}).figures) == AT_MOST | AT_LEAST
    assert frozenset() == AT_MOST & AT_LEAST


@pytest.mark.parametrize(
    "document",
    [
        *([], {}, 7, {"beauty": 1}, {"approved": "95"}, {"approved": True}, {"approved": -1}),
        *({"approved": Decimal("NaN")}, {"approved": None}),
    ],
)
def test_other_bars_are_refused(document: object) -> None:
    """Unknown figures and what is no number are refused with their code."""
    with pytest.raises(BarsInvalid) as refused:
        wanted_bars(document)
    assert refused.value.code == "evaluation.bars_invalid"
