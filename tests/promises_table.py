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
HEADING = """---
orphan: true
---

# Promises

| id | promise | tests | result | seconds | seed |
| --- | --- | --- | --- | --- | --- |
"""


@attrs.frozen
class Proof:
    """One test that carried a promise: how long it took, whether it passed, what it drew from."""

    promise: str
    test: str
    seconds: float
    passed: bool
    seed: str = ""


def proofs(folder: Path) -> Iterator[Proof]:
    """Yield what the junit files of a folder say."""
    for path in sorted(folder.glob("*.xml")):
        for case in ET.parse(path).getroot().iter("testcase"):
            passed = not any(child.tag in {"failure", "error", "skipped"} for child in case)
            test = f"{_module(str(case.get('classname')))}::{case.get('name')}"
            seconds = float(case.get("time", "0"))
            noted = [(item.get("name"), str(item.get("value"))) for item in case.iter("property")]
            seed = " ".join(value for name, value in noted if name == "seed")
            for name, value in noted:
                if name == "promise":
                    yield Proof(value, test, seconds, passed, seed)


def _module(classname: str) -> str:
    """Return ``test_walls`` of ``tests.integration.postgres.test_walls.TestWork``."""
    parts = classname.split(".")
    return next((part for part in reversed(parts) if part.startswith("test_")), parts[-1])


def page(found: list[Proof]) -> str:
    """Return the tables: each promise with its result, then each promise's tests."""
    rows = [
        f"| {promise} | {sentence} | {len(own)} | {result(promise, own)} | {_seconds(own)} "
        f"| {_seeds(own)} |"
        for promise, sentence in PROMISES.items()
        for own in [[proof for proof in found if proof.promise == promise]]
    ]
    return HEADING + "\n".join(rows) + "\n\n## Tests\n" + "".join(_tests(found))


def result(promise: str, own: list[Proof]) -> str:
    """Say what the tests of a promise showed."""
    if not own:
        return "not yet" if promise in NOT_YET else "not run"
    return "holds" if all(proof.passed for proof in own) else "**broken**"


def _seconds(own: list[Proof]) -> str:
    return f"{sum(proof.seconds for proof in own):.1f}" if own else ""


def _seeds(own: list[Proof]) -> str:
    return ", ".join(sorted({proof.seed for proof in own if proof.seed}))


def _tests(found: list[Proof]) -> Iterator[str]:
    for promise in PROMISES:
        own = [proof for proof in found if proof.promise == promise]
        if own:
            yield f"\n**{promise}**\n\n"
        for proof in sorted(own, key=lambda proof: proof.test):
            ended = "holds" if proof.passed else "**broken**"
            yield f"- `{proof.test}`: {ended}, {proof.seconds:.1f} s\n"


def main() -> int:
    """Write the page and print it; 1 when a promise is broken or its tests did not run."""
    found = list(proofs(JUNIT))
    text = page(found)
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    proven = {proof.promise for proof in found}
    waiting = [promise for promise in PROMISES if promise not in proven | NOT_YET]
    if waiting:
        told = f"{len(waiting)} promises did not run: `make test` and `make test-deep` come first."
        sys.stderr.write(f"{told}\n")
    return 1 if "**broken**" in text or "| not run |" in text else 0


if __name__ == "__main__":
    sys.exit(main())
