"""Every layout reads its golden sample; ``pytest --update`` writes what is read anew."""

import json
from pathlib import Path

import pytest

from kasa.domain.payments.banks.tables import LAYOUTS
from tests.unit.payments.golden import SAMPLES, evidence_of, facts, golden, write

NEAR = "2026-09-14T12:00:00+07:00"


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda path: str(path.stem))
def test_a_sample_is_read_as_before(path: Path, request: pytest.FixtureRequest) -> None:
    """What a sample says is what stands beside it; its name begins with its layout."""
    found = facts(evidence_of(path.read_text(encoding="utf-8"), NEAR))
    if request.config.getoption("--update"):
        write(path, found)
    assert json.loads(golden(path).read_text(encoding="utf-8")) == found
    assert path.stem.startswith(found["layout"])


def test_every_layout_has_a_sample() -> None:
    """A layout without a sample is not known to be read."""
    sampled = {path.stem.partition("+")[0] for path in SAMPLES.glob("*.txt")}
    assert {layout.key for layout in LAYOUTS} | {"generic"} == sampled
