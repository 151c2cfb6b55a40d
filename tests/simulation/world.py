"""A world from one number: its clock, its shops, its people, its luck, and what may go wrong."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar

import attrs

from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.memory.payment_providers import ScriptedBankChecker
from kasa.adapters.memory.recognizer import ScriptedRecognizer
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.jobs import Done, Retry
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.numbering import SeriesClockBehind
from kasa.domain.kernel.errors import KasaError, Unavailable
from kasa.domain.kernel.idempotency import Answered, IdempotencyKey, KeyReused
from tests.simulation.faults import Crash, Fault, Faults
from tests.simulation.lines import RESCUE, Lines, Queued, runnable
from tests.simulation.shaken import Commits
from tests.simulation.shop import Shop, Transfer

BEGINNING = datetime(2031, 3, 3, 2, 0, tzinfo=UTC)
"""Ahead of every clock: what the server dates itself lies in the past."""

TRIES = 3
REMEMBERED = 30
LAST_STEPS = 30
AnyT = TypeVar("AnyT")


class Broken(AssertionError):
    """A law of the world does not hold."""


@attrs.frozen
class Refusal:
    """What kasa did not want to do; ``code`` says why."""

    code: str


@attrs.frozen(kw_only=True)
class Request:
    """A request that was answered, and may be sent again."""

    actor: Actor
    call: Callable[[Actor], Any]
    answer: Any


@attrs.define(kw_only=True)
class World:
    """Everything that a step may touch.

    ``kasa`` meets faults, ``plain`` does not and is for looking. ``queued`` are the keys of all
    jobs that were ever seen, ``ended`` those that are done or gave up.
    """

    seed: int
    random: Random
    clock: StoppedClock
    kasa: Kasa
    plain: Ports
    lines: Lines
    faults: Faults
    commits: Commits
    recognizer: ScriptedRecognizer
    bank: ScriptedBankChecker
    shops: list[Shop] = attrs.Factory(list)
    transfers: list[tuple[Shop, Transfer]] = attrs.Factory(list)
    requests: list[Request] = attrs.Factory(list)
    story: list[str] = attrs.Factory(list)
    kinds: Counter[str] = attrs.Factory(Counter)
    queued: set[str] = attrs.Factory(set)
    ended: list[Queued] = attrs.Factory(list)
    asked: int = 0
    now_doing: str = ""

    def now(self) -> datetime:
        """Return the moment."""
        return self.clock.now()

    def one(self, among: Sequence[AnyT]) -> AnyT | None:
        """Return one of several, rather a late one, or None when there is none."""
        if not among:
            return None
        late = among[-6:] if self.random.random() < 0.7 else among
        return self.random.choice(late)

    def chance(self, percent: int) -> bool:
        """Draw whether something happens."""
        return self.random.randrange(100) < percent

    def require(self, holds: object, law: str, *facts: object) -> None:
        """Return when a law holds, else raise ``Broken``."""
        if not holds:
            raise Broken(" ".join([law, *(str(fact) for fact in facts)]))

    def ask(self, person: Actor, route: str, call: Callable[[Actor], Any]) -> Any:
        """Send a request under a fresh key, again when no answer is seen; return it or Refusal."""
        self.asked += 1
        key = IdempotencyKey(f"key {self.asked}", route, f"content {self.asked}")
        actor = attrs.evolve(person, idempotency=key)
        for _ in range(TRIES):
            try:
                answer = call(actor)
            except Answered as again:
                answer = again.value
                known = self.commits.answers[key.value]
                self.require(known == answer, "a key has one answer:", known, answer)
            except Crash:
                self.faults.calm()
                continue
            except SeriesClockBehind as later:
                return Refusal(later.code)
            except Unavailable as error:
                cause = self.faults.last or self.faults.down
                self.require(cause, "nothing is unavailable without a cause:", error.code)
                self.faults.calm()
                continue
            except KasaError as refusal:
                stored = self.commits.keyed[key.value]
                self.require(not stored, "what was stored is not refused:", refusal.code)
                return Refusal(refusal.code)
            self.require(self.commits.keyed[key.value] == 1, "one effect under one key:", route)
            request = Request(actor=actor, call=call, answer=self.commits.answers[key.value])
            self.requests = [*self.requests[-REMEMBERED:], request]
            return answer
        return Refusal("nobody answered")

    def repeat(self, request: Request) -> str:
        """Send an answered request again: as it was, or other words under its key."""
        other = self.chance(30)
        actor, key = request.actor, request.actor.idempotency
        assert key is not None
        if other:
            wrong = attrs.evolve(key, fingerprint="other content")
            actor = attrs.evolve(actor, idempotency=wrong)
        try:
            request.call(actor)
        except Answered as again:
            self.require(not other and again.value == request.answer, "a key has one answer")
            return "answered again"
        except KeyReused:
            self.require(other, "a repeated request is answered")
            return "refused other content"
        except Crash:
            self.faults.calm()
            return "crashed"
        except Unavailable:
            self.require(self.faults.last or self.faults.down, "unavailable without a cause")
            return "lost"
        finally:
            self.require(self.commits.keyed[key.value] == 1, "a repeat changes nothing")
        raise Broken("a repeated request was taken for a new one")

    def runnable(self) -> list[Queued]:
        """Return the jobs that may run now, in their order."""
        return runnable(self.lines.queued(), self.now())

    def run(self, queued: Queued) -> str:
        """Run a job as a worker does and return what became of it."""
        self.queued.add(queued.job.key)
        self.lines.take(queued)
        try:
            outcome = self.kasa.run(queued.job)
        except Crash:
            self.faults.calm()
            self.lines.put_back(queued, self.now() + RESCUE)
            return f"{queued.job.reaction} crashed"
        self.faults.calmed()
        self._sound(queued, outcome)
        self.lines.end(queued, outcome, self.now())
        if not isinstance(outcome, Retry):
            self.ended = [*self.ended[-REMEMBERED:], queued]
        ended = outcome.code if hasattr(outcome, "code") else type(outcome).__name__.lower()
        return f"{queued.job.reaction} {ended}"

    def run_twin(self, queued: Queued) -> str:
        """Run a job that another worker runs, or ran, too; what it answers is not stored."""
        self.queued.add(queued.job.key)
        try:
            outcome = self.kasa.run(queued.job)
        except Crash:
            self.faults.calm()
            return f"{queued.job.reaction} crashed"
        self._sound(queued, outcome)
        return f"{queued.job.reaction} {type(outcome).__name__.lower()}"

    def _sound(self, queued: Queued, outcome: Any) -> None:
        """Require that a job that is not done has met a fault, and no bug."""
        if isinstance(outcome, Done):
            return
        cause = outcome.cause
        facts = (queued.job.reaction, repr(cause), getattr(outcome, "code", ""))
        if not isinstance(cause, KasaError):
            raise Broken(f"a job met a bug: {facts}") from cause
        met = isinstance(cause, Unavailable) and (self.faults.last or self.faults.down)
        if not met:
            raise Broken(f"a job ends without a cause: {facts}") from cause

    def pass_time(self, span: timedelta) -> None:
        """Let time pass."""
        self.clock.pass_time(span)

    def tell(self, words: str) -> None:
        """Add a line to the story."""
        struck = f" [{self.faults.last}]" if self.faults.last else ""
        self.story.append(f"{words}{struck}")

    def was_struck_by(self, fault: Fault) -> int:
        """Return how often a fault struck."""
        return sum(count for (kind, _), count in self.faults.struck.items() if kind is fault)
