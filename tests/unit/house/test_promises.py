"""The register of promises and the marks of the tests say the same."""

import ast
import re
from collections.abc import Iterator

from tests.promises import NOT_YET, PROMISES
from tests.unit.house.source import TESTS, Module, told, within

MARK = re.compile(r"\bmark\.([A-H][0-9]+)\b")
EXCUSE = re.compile(r"\bmark\.(skip|skipif|xfail)\b")


def _carriers() -> list[Module]:
    return [*TESTS, *within("adapters.conformance")]


def _marks() -> set[str]:
    return {found for module in _carriers() for found in MARK.findall(module.text)}


def test_the_register_is_whole() -> None:
    """There are 63 promises, A1 to H8."""
    counts = {"A": 8, "B": 8, "C": 8, "D": 10, "E": 6, "F": 7, "G": 8, "H": 8}
    assert list(PROMISES) == [f"{part}{n}" for part in counts for n in range(1, counts[part] + 1)]


def test_every_promise_is_proved_or_listed_as_not_yet() -> None:
    """A promise is carried by a test or listed in ``NOT_YET``, never both."""
    assert set(PROMISES) - _marks() == set(NOT_YET)


def test_no_test_carries_an_unknown_promise() -> None:
    """Every promise mark names a promise of the register."""
    assert _marks() <= set(PROMISES)


def _excused(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            text = " ".join(ast.unparse(decorator) for decorator in node.decorator_list)
            if MARK.search(text) and EXCUSE.search(text):
                yield f"{module.where}:{node.lineno} {node.name}"


def test_no_proof_is_skipped() -> None:
    """A test that carries a promise is neither skipped nor expected to fail."""
    assert told(fault for module in _carriers() for fault in _excused(module)) == ""
