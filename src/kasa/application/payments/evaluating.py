"""How well receipts are read and judged: a labelled set, file by file, with an attack set."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Protocol
from uuid import UUID

import attrs

from kasa.application.payments.attacking import first_use
from kasa.application.payments.attacks import Attack, attacks_on
from kasa.application.payments.field_scores import scores_of
from kasa.application.payments.labelled import LabelledCase, LabelledSet
from kasa.application.payments.scoring import CaseResult, Evaluation
from kasa.application.payments.trial import RememberedReadings, Trial
from kasa.application.ports.codes import QrCodes
from kasa.application.ports.images import ImageCleaner
from kasa.application.ports.recognizer import RecognizerFailed, TextRecognizer
from kasa.application.ports.storage import FileStorage
from kasa.application.ports.system import Clock
from kasa.domain.kernel.errors import Invalid, Unavailable
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.payments.evidence import PaymentEvidence, Source
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.matching import Decision, MatchInputs, MatchVerdict, match
from kasa.domain.payments.recognition import Effort
from kasa.domain.payments.references import (
    FirstUse,
    Reference,
    UsedReferences,
    reference_keys,
)
from kasa.domain.payments.resemblance import resembles
from kasa.domain.payments.states import PaymentState

Load = Callable[[str], bytes]
"""Returns the bytes of a file of the set by its name."""

UNREAD = PaymentEvidence(source=Source.SCREENSHOT, layout="")
MILLISECOND = timedelta(milliseconds=1)


class SecondEngineMissing(Unavailable):
    """No second engine reads here: install kasa-till[ocr2], and set KASA_SECOND_ENGINE=on."""

    code = "setup.second_engine_missing"


class Each(Protocol):
    """Calls a function for each case and yields the answers in order, perhaps several at once."""

    def __call__(
        self, call: Callable[[LabelledCase], "ReadCase"], cases: Iterable[LabelledCase], /
    ) -> Iterable["ReadCase"]:
        """Return the answers in the order of the cases."""


@attrs.frozen(kw_only=True)
class ReadCase:
    """One file as it was read, for its own expectation and for each attack.

    ``failed``: reading it broke off, by its time or its memory.
    """

    case: LabelledCase
    evidence: PaymentEvidence
    failed: bool
    attacked: tuple[tuple[Attack, PaymentEvidence], ...]
    efforts: tuple[Effort, ...]
    milliseconds: int


class _Memory:
    """What was submitted before: references and evidence, as one shop remembers them."""

    def __init__(self) -> None:
        self._references: dict[Reference, FirstUse] = {}
        self._earlier: list[PaymentEvidence] = []

    def used(
        self, evidence: PaymentEvidence, expected: ExpectedPayment, same_file: FirstUse | None
    ) -> UsedReferences:
        """Return what is known of a picture and of the references in it."""
        keys = reference_keys(evidence, expected.submitted_at)
        uses = (self._references.get(key) for key in (*keys.read, *keys.candidates))
        first = next((use for use in uses if use is not None), None)
        used = UsedReferences(first=first).with_file(same_file)
        if used.first is not None:
            return used
        suspicions = {reason for other in self._earlier for reason in resembles(evidence, other)}
        return used.with_near(tuple(suspicions))

    def add(self, case: LabelledCase, evidence: PaymentEvidence) -> None:
        """Remember a picture that was judged."""
        use = _use_of(case, len(self._earlier) + 1)
        for key in reference_keys(evidence, case.expected.submitted_at).read:
            self._references.setdefault(key, use)
        self._earlier.append(evidence)


def _use_of(case: LabelledCase, place: int) -> FirstUse:
    return FirstUse(
        payment=PaymentId(UUID(int=place)),
        at=case.expected.submitted_at,
        state=PaymentState.IN_REVIEW,
        invoice_number=case.number,
    )


@attrs.frozen(kw_only=True, eq=False)
class Evaluate:
    """Judge every file of a labelled set in its order, with one memory of references.

    Beside its own expected payment each honest receipt meets the attack set. Files that are no
    pictures count as not read.
    """

    images: ImageCleaner
    storage: FileStorage
    codes: QrCodes
    recognizer: TextRecognizer
    clock: Clock

    def __call__(  # a set, where its files are, and how to go about it
        self,
        labelled: LabelledSet,
        load: Load,
        *,
        with_attacks: bool = True,
        both_engines: bool = False,
        told: Callable[[CaseResult], None] | None = None,
        each: Each = map,
    ) -> Evaluation:
        """Return the result of every case; ``told`` hears each as soon as it is there.

        ``each`` may read several files at once; they are judged in their order all the same.
        ``both_engines`` lets the second engine read too, else it is left out even where it is
        installed: figures of two machines stay comparable. Raises ``setup.second_engine_missing``.
        """
        if both_engines and Effort.SECOND_ENGINE not in self.recognizer.available:
            raise SecondEngineMissing
        earlier = _earlier_files(labelled, load)
        memory = _Memory()
        results: list[CaseResult] = []
        read_case = partial(
            self._read, load, earlier, with_attacks=with_attacks, both_engines=both_engines
        )
        for read in each(read_case, labelled.cases):
            result = _judged(read, labelled, memory, earlier.get(read.case.place))
            memory.add(read.case, read.evidence)
            results.append(result)
            if told is not None:
                told(result)
        readers = RememberedReadings(self.recognizer, second_engine=both_engines)
        return Evaluation(
            results=tuple(results),
            versions=readers.versions,
            salted=labelled.salt is not None,
        )

    def _read(
        self,
        load: Load,
        earlier: dict[int, FirstUse],
        case: LabelledCase,
        *,
        with_attacks: bool,
        both_engines: bool,
    ) -> ReadCase:
        started = self.clock.now()
        try:
            picture: bytes | None = self.images.clean(load(case.file)).data
        except Invalid:
            picture = None
        trial = Trial(
            picture=picture,
            readings=RememberedReadings(self.recognizer, second_engine=both_engines),
            codes=self.codes,
            storage=self.storage,
            same_file=earlier.get(case.place),
            both_engines=both_engines,
        )
        evidence = _evidence(trial, case.expected)
        took = (self.clock.now() - started) // MILLISECOND
        efforts = trial.readings.efforts
        attacks = _attacks(case) if with_attacks and case.approve else ()
        return ReadCase(
            case=case,
            evidence=evidence or UNREAD,
            failed=evidence is None,
            attacked=tuple(
                (attack, shown)
                for attack in attacks
                if (shown := _evidence(trial, attack.expected)) is not None
            ),
            efforts=efforts,
            milliseconds=took,
        )


def _evidence(trial: Trial, expected: ExpectedPayment) -> PaymentEvidence | None:
    """Return what a picture says, or None when reading it breaks off."""
    try:
        return trial.read(expected)
    except RecognizerFailed:
        return None


def _earlier_files(labelled: LabelledSet, load: Load) -> dict[int, FirstUse]:
    """Return the first use of each file that is the same, byte for byte, as an earlier one."""
    known: dict[bytes, FirstUse] = {}
    found: dict[int, FirstUse] = {}
    for case in labelled.cases:
        digest = sha256(load(case.file)).digest()
        if digest in known:
            found[case.place] = known[digest]
        else:
            known[digest] = attrs.evolve(_use_of(case, case.place + 1), same_file=True)
    return found


def _attacks(case: LabelledCase) -> tuple[Attack, ...]:
    return attacks_on(
        case.expected, account=case.printed.payee_account, paid_at=case.printed.paid_at
    )


def _judged(
    read: ReadCase, labelled: LabelledSet, memory: _Memory, same_file: FirstUse | None
) -> CaseResult:
    case = read.case
    return CaseResult(
        case=case,
        verdict=_verdict(memory.used(read.evidence, case.expected, same_file), read.evidence, case),
        evidence=read.evidence,
        scores=scores_of(case, labelled, read.evidence),
        efforts=read.efforts,
        milliseconds=read.milliseconds,
        failed=read.failed,
        broken=tuple(_broken(read, memory, same_file)),
    )


def _verdict(used: UsedReferences, evidence: PaymentEvidence, case: LabelledCase) -> MatchVerdict:
    expected = case.expected
    return match(
        MatchInputs(evidence=evidence, expected=(expected,), used=used, at=expected.submitted_at)
    )


def _broken(read: ReadCase, memory: _Memory, same_file: FirstUse | None) -> Iterator[str]:
    """Yield the attacks for which an honest receipt would be approved."""
    for attack, evidence in read.attacked:
        expected = attack.expected
        used = memory.used(evidence, expected, same_file)
        shows = reference_keys(evidence, expected.submitted_at).read
        if attack.used and used.first is None and shows:
            used = UsedReferences(first=first_use(read.case.expected))
        attacked = attrs.evolve(read.case, expected=expected)
        if _verdict(used, evidence, attacked).decision is Decision.APPROVE:
            yield attack.name
