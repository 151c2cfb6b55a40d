"""The second engine on the ladder: when it reads, when it is wanted anyway, when it is offered."""

from collections.abc import Callable, Sequence

import attrs

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.codes import ScriptedQrCodes
from kasa.application.payments.reading import EvidenceReader
from kasa.application.ports.recognizer import RecognizerFailed
from kasa.domain.payments.effort import offers_second_engine
from kasa.domain.payments.evidence import UNREADABLE, FieldState, PaymentEvidence
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import Decision, MatchVerdict
from kasa.domain.payments.merging import merge
from kasa.domain.payments.recognition import Effort, Reading
from tests.unit.payments.drawn import NEAR, Line, reading
from tests.unit.payments.test_effort import APPROVED, GOOD, verdict_on, with_results
from tests.unit.payments.test_reading import ABA_CARD
from tests.unit.payments.test_two_engines import changed, second

PICTURE = b"picture"


@attrs.define
class Engines:
    """Two engines of which each shows its own lines; the second may fail."""

    first: Sequence[Line]
    second: Sequence[Line]
    available: frozenset[Effort] = frozenset({Effort.FIRST, Effort.LARGER, Effort.SECOND_ENGINE})
    fails: bool = False
    asked: list[Effort] = attrs.field(factory=list)
    versions: tuple[str, ...] = ("one 1", "two 1")

    def recognize(self, picture: bytes, effort: Effort, *, turn: int = 0) -> tuple[Reading, ...]:
        """Return the lines of the engine that takes the step."""
        self.asked.append(effort)
        if effort is not Effort.SECOND_ENGINE:
            return (reading(*self.first, effort=effort),)
        if self.fails:
            raise RecognizerFailed
        return (second(*self.second),)


def read(
    engines: Engines,
    judge: Callable[[PaymentEvidence], MatchVerdict] = verdict_on,
    *,
    both_engines: bool = False,
) -> PaymentEvidence:
    """Return what two engines read of one picture."""
    reader = EvidenceReader(
        storage=memory_ports().storage,
        codes=ScriptedQrCodes(),
        recognizer=engines,
        both_engines=both_engines,
    )
    return reader.read_pictures([PICTURE], judge, near=NEAR)


def test_it_does_not_read_what_is_decided() -> None:
    """A first reading that decides asks no second engine."""
    engines = Engines(ABA_CARD, ABA_CARD)
    seen = read(engines)
    assert [Effort.FIRST] == engines.asked
    assert (Effort.FIRST,) == seen.efforts
    assert Decision.APPROVE is verdict_on(seen).decision


def test_it_reads_last_what_stayed_unclear() -> None:
    """What the first engine could not read in any step, the second supplies."""
    lost = changed(ABA_CARD, "-25,000 KHR", "~~?~~ ~~?")
    without = Engines(lost, ABA_CARD, available=frozenset({Effort.FIRST, Effort.LARGER}))
    assert Decision.APPROVE is not verdict_on(read(without)).decision
    engines = Engines(lost, ABA_CARD)
    seen = read(engines)
    assert [Effort.FIRST, Effort.LARGER, Effort.SECOND_ENGINE] == engines.asked
    assert 25_000 == getattr(seen.amount.value, "minor", None)
    assert Decision.APPROVE is verdict_on(seen).decision


def test_it_reads_what_is_decided_when_it_is_wanted() -> None:
    """With both engines every picture is read by both, once, and agreement counts."""
    engines = Engines(ABA_CARD, ABA_CARD)
    seen = read(engines, both_engines=True)
    assert [Effort.FIRST, Effort.SECOND_ENGINE] == engines.asked
    assert 2 == seen.amount.engines
    assert verdict_on(seen).points > APPROVED.points
    contested = read(Engines(ABA_CARD, changed(ABA_CARD, "-25,", "-26,")), both_engines=True)
    assert FieldState.CONTESTED is contested.amount.state
    alone = Engines(ABA_CARD, ABA_CARD, available=frozenset({Effort.FIRST}))
    assert (Effort.FIRST,) == read(alone, both_engines=True).efforts


def test_a_second_engine_that_fails_adds_nothing() -> None:
    """Its failure is no failure of the reading: the ladder ends with what is known."""
    lost = attrs.evolve(GOOD, amount=UNREADABLE)
    engines = Engines(ABA_CARD, ABA_CARD, fails=True)
    seen = read(engines, lambda _: verdict_on(lost))
    assert Effort.SECOND_ENGINE is engines.asked[-1]
    assert (Effort.FIRST, Effort.LARGER) == seen.efforts
    assert seen.amount.is_read


def test_it_is_offered_where_it_did_not_run() -> None:
    """A review whose picture it did not read, and may still help, offers it; no other does."""
    verdict = with_results(APPROVED, {"recipient": Result.UNREADABLE})
    tried = attrs.evolve(GOOD, efforts=(Effort.FIRST, Effort.LARGER))
    assert offers_second_engine(tried, verdict)
    ran = attrs.evolve(tried, efforts=(*tried.efforts, Effort.SECOND_ENGINE))
    assert not offers_second_engine(ran, verdict)
    assert not offers_second_engine(merge(tried, ran), verdict)
    assert not offers_second_engine(GOOD, verdict)
    assert not offers_second_engine(tried, APPROVED)
    assert not offers_second_engine(tried, attrs.evolve(verdict, decision=Decision.WAIT))
    differs = with_results(verdict, {"outcome": Result.DIFFERS})
    assert not offers_second_engine(tried, differs)
