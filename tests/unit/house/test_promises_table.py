"""The table of promises says what the last test runs showed."""

from pathlib import Path

import pytest

from tests import promises_table
from tests.promises_table import Proof, page, proofs, result

RUN = """<testsuites><testsuite>
<testcase classname="tests.integration.postgres.test_walls.TestWork" name="test_a[b]" time="1.5">
<properties><property name="promise" value="C2" /><property name="seed" value="17" /></properties>
{end}</testcase>
<testcase classname="tests.unit.test_house" name="test_words" time="0.1" />
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("end", "passed"),
    [("", True), ("<failure />", False), ("<error />", False), ("<skipped />", False)],
)
def test_a_run_is_read(end: str, *, passed: bool, tmp_path: Path) -> None:
    """A test counts for the promises it carries, and only a test that passed shows one."""
    (tmp_path / "test.xml").write_text(RUN.format(end=end), encoding="utf-8")
    assert [Proof("C2", "test_walls::test_a[b]", 1.5, passed, "17")] == list(proofs(tmp_path))


def test_one_failure_breaks_a_promise() -> None:
    """A promise holds when all of its tests passed; without a run it is said to be not run."""
    good, bad = Proof("A1", "test_a", 1.0, passed=True), Proof("A1", "test_b", 1.0, passed=False)
    assert "holds" == result("A1", [good])
    assert "**broken**" == result("A1", [good, bad])
    assert "not run" == result("A1", [])


def test_what_did_not_run_is_told_with_what_runs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a run before it, the table ends with 1 and says which targets come first."""
    monkeypatch.setattr(promises_table, "JUNIT", tmp_path / "junit")
    monkeypatch.setattr(promises_table, "PAGE", tmp_path / "promises.md")
    assert 1 == promises_table.main()
    assert "`make test` and `make test-deep` come first" in capsys.readouterr().err


def test_every_promise_and_test_is_listed() -> None:
    """The page has a row for each promise, with its seed, and a line for each of its tests."""
    text = page([Proof("A1", "test_a", 1.0, passed=True, seed="17")])
    assert 63 == sum(line.startswith("| ") and line[2:3] in "ABCDEFGH" for line in text.split("\n"))
    assert "| 1 | holds | 1.0 | 17 |" in text
    assert "- `test_a`: holds, 1.0 s" in text
