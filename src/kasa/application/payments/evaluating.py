"""How well receipts are read and judged: a labelled set, file by file, with an attack set."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import attrs

from kasa.application.payments.attacks import attacks_on
from kasa.application.payments.labelled import LabelledCase, LabelledSet
from kasa.application.payments.reading import EvidenceReader
from kasa.application.payments.scoring import CaseResult, Evaluation, scores_of
from kasa.application.ports.codes import QrCodes
from kasa.application.ports.images import ImageCleaner
from kasa.application.ports.recognizer import TextRecognizer
from kasa.application.ports.storage import FileStorage
from kasa.application.ports.system import Clock
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.matching import Decision, MatchInputs, MatchVerdict, match
from kasa.domain.payments.recognition import Effort, Reading
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

MILLISECOND = timedelta(milliseconds=1)


class _RememberedReadings:
    """A recogniser that reads each step of one picture once; attacks meet the same readings."""

    def __init__(self, recognizer: TextRecognizer) -> None:
        self._recognizer = recognizer
        self._known: dict[tuple[bytes, Effort, int], tuple[Reading, ...]] = {}

    @property
    def available(self) -> frozenset[Effort]:
        return self._recognizer.available

    @property
    def versions(self) -> tuple[str, ...]:
        return self._recognizer.versions

    def recognize(self, picture: bytes, effort: Effort, *, turn: int = 0) -> tuple[Reading, ...]:
        key = (sha256(picture).digest(), effort, turn)
        if key not in self._known:
            self._known[key] = self._recognizer.recognize(picture, effort, turn=turn)
        return self._known[key]

    @property
    def efforts(self) -> tuple[Effort, ...]:
        """The steps taken so far, in the order of the ladder."""
        return tuple(sorted({effort for _, effort, _ in self._known}))


class _Memory:
    """What was submitted before: references, files and evidence, as one shop remembers them."""

    def __init__(self) -> None:
        self._references: dict[Reference, FirstUse] = {}
        self._files: dict[bytes, FirstUse] = {}
        self._earlier: list[PaymentEvidence] = []

    def used(self, evidence: PaymentEvidence, data: bytes, near: datetime) -> UsedReferences:
        """Return what is known of a picture and of the references in it."""
        keys = reference_keys(evidence, near)
        uses = (self._references.get(key) for key in (*keys.read, *keys.candidates))
        first = next((use for use in uses if use is not None), None)
        suspicions = {reason for other in self._earlier for reason in resembles(evidence, other)}
        used = UsedReferences(first=first).with_file(self.same_file(data))
        return used if used.first else used.with_near(tuple(suspicions))

    def same_file(self, data: bytes) -> FirstUse | None:
        """Return the first use of exactly these bytes."""
        return self._files.get(sha256(data).digest())

    def add(self, case: LabelledCase, evidence: PaymentEvidence, data: bytes) -> None:
        """Remember a picture that was judged."""
        use = FirstUse(
            payment=PaymentId(UUID(int=len(self._files) + 1)),
            at=case.expected.submitted_at,
            state=PaymentState.IN_REVIEW,
            invoice_number=case.number,
        )
        for key in reference_keys(evidence, case.expected.submitted_at).read:
            self._references.setdefault(key, use)
        self._files.setdefault(sha256(data).digest(), attrs.evolve(use, same_file=True))
        self._earlier.append(evidence)


def use_of(case: LabelledCase) -> FirstUse:
    """Return an earlier use of the references of a case."""
    return FirstUse(
        payment=PaymentId(UUID(int=0)),
        at=case.expected.submitted_at,
        state=PaymentState.APPROVED,
        invoice_number=case.number,
    )


@attrs.frozen(kw_only=True, eq=False)
class _Sent:
    """One file of the set as it arrives; ``picture`` is None when it is no picture."""

    case: LabelledCase
    data: bytes
    picture: bytes | None
    readings: _RememberedReadings
    memory: _Memory
    cleaning_milliseconds: int

    @property
    def reader_efforts(self) -> tuple[Effort, ...]:
        """The steps of the ladder taken so far."""
        return self.readings.efforts


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

    def __call__(
        self,
        labelled: LabelledSet,
        load: Load,
        *,
        with_attacks: bool = True,
        told: Callable[[CaseResult], None] | None = None,
    ) -> Evaluation:
        """Return the result of every case; ``told`` hears each as soon as it is there."""
        memory = _Memory()
        results: list[CaseResult] = []
        for case in labelled.cases:
            sent = self._sent(case, load(case.file), memory)
            started = self.clock.now()
            evidence, verdict = self._judged(sent, case.expected)
            took = (self.clock.now() - started) // MILLISECOND + sent.cleaning_milliseconds
            efforts = sent.reader_efforts
            broken = self._broken(sent) if with_attacks and case.approve else ()
            memory.add(case, evidence, sent.data)
            result = CaseResult(
                case=case,
                verdict=verdict,
                evidence=evidence,
                scores=scores_of(case, labelled, evidence),
                efforts=efforts,
                milliseconds=took,
                broken=broken,
            )
            results.append(result)
            if told is not None:
                told(result)
        return Evaluation(
            results=tuple(results),
            versions=self.recognizer.versions,
            salted=labelled.salt is not None,
        )

    def _sent(self, case: LabelledCase, data: bytes, memory: _Memory) -> "_Sent":
        started = self.clock.now()
        try:
            picture: bytes | None = self.images.clean(data).data
        except Invalid:
            picture = None
        took = (self.clock.now() - started) // MILLISECOND
        readings = _RememberedReadings(self.recognizer)
        return _Sent(
            case=case,
            data=data,
            picture=picture,
            readings=readings,
            memory=memory,
            cleaning_milliseconds=took,
        )

    def _judged(
        self, sent: "_Sent", expected: ExpectedPayment, *, used: bool = False
    ) -> tuple[PaymentEvidence, MatchVerdict]:
        """Read a picture for an expected payment by the ladder, and judge it."""
        at = expected.submitted_at
        same_file = sent.memory.same_file(sent.data)

        def judge(evidence: PaymentEvidence) -> MatchVerdict:
            known = UsedReferences().with_file(same_file)
            return match(MatchInputs(evidence=evidence, expected=(expected,), used=known, at=at))

        reader = EvidenceReader(storage=self.storage, codes=self.codes, recognizer=sent.readings)
        pictures = () if sent.picture is None else (sent.picture,)
        evidence = reader.read_pictures(pictures, judge, near=at)
        known = sent.memory.used(evidence, sent.data, at)
        if used and known.first is None and reference_keys(evidence, at).read:
            known = UsedReferences(first=use_of(sent.case))
        inputs = MatchInputs(evidence=evidence, expected=(expected,), used=known, at=at)
        return evidence, match(inputs)

    def _broken(self, sent: "_Sent") -> tuple[str, ...]:
        """Return the attacks for which an honest receipt would be approved."""
        return tuple(
            attack.name
            for attack in attacks_on(sent.case)
            if self._judged(sent, attack.expected, used=attack.used)[1].decision is Decision.APPROVE
        )
