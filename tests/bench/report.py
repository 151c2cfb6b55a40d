"""The table and the document of a run."""

import os
import platform
from collections.abc import Sequence
from typing import Any

from kasa import __version__
from tests.bench.harness import Limit, Result

ROW = "{:<4}{:<36}{:>13}  {:<26}{:>12}  {:>7}  {:<15}{:<9}{:<9}{}"


def _limit(limit: Limit | None) -> str:
    return limit.text if limit is not None else "-"


def head(seed: int) -> str:
    """Say on what the figures were measured."""
    load = os.getloadavg()[0]
    return (
        f"kasa {__version__} · {os.cpu_count()} cores · Python {platform.python_version()} · "
        f"load {load:.1f} · seed {seed}"
    )


def table(results: Sequence[Result]) -> str:
    """Return the table of the results."""
    lines = [
        ROW.format("id", "figure", "kasa", "baseline", "", "ratio", "range", "gate", "goal", "")
    ]
    for result in results:
        figure = result.figure
        if result.why:
            lines.append(f"{figure.id:<4}{figure.title:<36}not measured: {result.why}")
            continue
        lines.append(
            ROW.format(
                figure.id,
                figure.title,
                figure.unit.text(result.kasa),
                figure.against,
                figure.unit.text(result.baseline),
                f"{'~' if result.noise > 0.1 else ''}{result.ratio:.3g}×",
                f"{min(result.ratios):.3g}-{max(result.ratios):.3g}",
                _limit(figure.gate),
                _limit(figure.goal),
                result.verdict.replace("_", " "),
            )
        )
    return "\n".join(lines)


def document(results: Sequence[Result], seed: int) -> dict[str, Any]:
    """Return the run as JSON can hold it."""
    rows = [
        {
            "id": result.figure.id,
            "unit": result.figure.unit.value,
            "why": result.why,
            "kasa": {"median": result.kasa},
            "baseline": {"median": result.baseline},
            "ratio": {
                "median": result.ratio,
                "min": min(result.ratios),
                "max": max(result.ratios),
            },
            "gate": _limit(result.figure.gate),
            "goal": _limit(result.figure.goal),
            "noise": result.noise,
            "verdict": result.verdict,
        }
        for result in results
    ]
    return {"kasa": __version__, "seed": seed, "figures": rows}
