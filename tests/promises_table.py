"""Writes the table of promises from the last test runs: ``python -m tests.promises_table``."""

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import attrs

from tests.places import ROOT
from tests.promises import NOT_YET, PROMISES

JUNIT = ROOT / "build" / "junit"
PAGE = ROOT / "docs" / "reference" / "promises.md"


@attrs.frozen
class Proof:
    """One test that carried a promise: how long it took, and whether it passed."""

    promise: str
    test: str
    seconds: float
    passed: bool


def proofs(folder: Path) -> Iterator[Proof]:
    """Yield what the junit files of a folder say."""
    for path in sorted(folder.glob("*.xml")):
        for case in ET.parse(path).getroot().iter("testcase"):
            passed = not any(child.tag in {"failure", "error", "skipped"} for child in case)
            for item in case.iter("property"):
                if item.get("name") == "promise":
                    yield Proof(
                        str(item.get("value")),
                        str(case.get("name")),
                        float(case.get("time", "0")),
                        passed,
                    )


def page(found: list[Proof]) -> str:
    """Return the table: promise, sentence, tests, result, seconds."""
    lines = [
        "---",
        "orphan: true",
        "---",
        "",
        "# Promises",
        "",
        "| id | promise | tests | result | seconds |",
        "| --- | --- | --- | --- | --- |",
    ]
    for promise, sentence in PROMISES.items():
        own = [proof for proof in found if proof.promise == promise]
        seconds = f"{sum(proof.seconds for proof in own):.1f}" if own else ""
        lines.append(
            f"| {promise} | {sentence} | {len(own)} | {result(promise, own)} | {seconds} |"
        )
    return "\n".join(lines) + "\n"


def result(promise: str, own: list[Proof]) -> str:
    """Say what the tests of a promise showed."""
    if not own:
        return "not yet" if promise in NOT_YET else "not run"
    return "holds" if all(proof.passed for proof in own) else "**broken**"


def main() -> int:
    """Write the page; 1 when a promise is broken or its tests did not run."""
    found = list(proofs(JUNIT))
    text = page(found)
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 1 if "**broken**" in text or "| not run |" in text else 0


if __name__ == "__main__":
    sys.exit(main())
