"""What the pages show is true: their Python runs, page by page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from tests.places import ROOT

PARSER = Sybil(parsers=[PythonCodeBlockParser()])


def pages() -> Iterator[Path]:
    """Yield every page that has Python in it."""
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        if "```python" in path.read_text(encoding="utf-8"):
            yield path


@pytest.mark.parametrize("page", list(pages()), ids=lambda page: str(page.relative_to(ROOT)))
def test_the_python_of_a_page_runs(page: Path) -> None:
    """Every block runs, after the ones before it, and its asserts hold."""
    examples = list(PARSER.parse(page))
    assert examples
    for example in examples:
        example.evaluate()
