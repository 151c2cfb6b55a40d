"""A picture on trial: who reads it, and what happens when reading breaks off."""

import attrs

from kasa.application.payments.trial import RememberedReadings
from kasa.application.ports.recognizer import RecognizerFailed
from kasa.domain.payments.recognition import Effort, Reading
from tests.unit.payments.test_evaluating import LINES, OTHER, case, evaluated


@attrs.frozen
class TwoEngines:
    """A recogniser of two engines that reads nothing."""

    available: frozenset[Effort] = frozenset(Effort)
    versions: tuple[str, ...] = ("tesserocr 2", "eng 1", "rapidocr 3", "onnxruntime 1", "det")

    def recognize(self, picture: bytes, effort: Effort, *, turn: int = 0) -> tuple[Reading, ...]:
        """Return no reading."""
        del picture, effort, turn
        return ()


def test_a_second_engine_that_does_not_read_is_not_named() -> None:
    """Left out, the second engine takes no step, and its versions are not those that read."""
    both, one = TwoEngines(), RememberedReadings(TwoEngines(), second_engine=False)
    assert one.versions == ("tesserocr 2", "eng 1")
    assert both.versions == RememberedReadings(both).versions
    assert both.available - one.available == {Effort.SECOND_ENGINE}


@attrs.frozen
class Broken:
    """A recogniser that takes too long over every picture."""

    available: frozenset[Effort] = frozenset({Effort.FIRST})
    versions: tuple[str, ...] = ("slow 1",)

    def recognize(self, picture: bytes, effort: Effort, *, turn: int = 0) -> tuple[Reading, ...]:
        """Break off."""
        del picture, effort, turn
        raise RecognizerFailed


def test_a_reading_that_breaks_off_ends_nothing() -> None:
    """Pictures that take too long are not read, and that is told; nothing is approved."""
    found = evaluated(case("a"), case("b"), shown={"a": LINES, "b": OTHER}, reader=Broken())
    assert [one.verdict.decision for one in found.results] == ["review", "review"]
    assert found.summary()["broken_off"] == ["a", "b"]
    assert (2, 0, {}) == (found.honest, found.approved, dict(found.false_approvals))
