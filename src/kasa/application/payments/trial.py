"""A picture read for one expectation after another: each step of the ladder is taken once."""

from hashlib import sha256
from itertools import takewhile

import attrs

from kasa.application.payments.reading import EvidenceReader
from kasa.application.ports.codes import QrCodes
from kasa.application.ports.recognizer import TextRecognizer
from kasa.application.ports.storage import FileStorage
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.matching import MatchInputs, match
from kasa.domain.payments.recognition import Effort, Reading
from kasa.domain.payments.references import FirstUse, UsedReferences

SECOND_ENGINE = "rapidocr"
"""How the first version of the second engine begins; those of the first stand before it."""


class RememberedReadings:
    """A recogniser that reads each step of one picture once; attacks meet the same readings.

    ``second_engine`` False leaves that step out, as where no second engine is installed.
    """

    def __init__(self, recognizer: TextRecognizer, *, second_engine: bool = True) -> None:
        self._recognizer = recognizer
        self._left_out = frozenset() if second_engine else frozenset({Effort.SECOND_ENGINE})
        self._known: dict[tuple[bytes, Effort, int], tuple[Reading, ...]] = {}

    @property
    def available(self) -> frozenset[Effort]:
        """The steps that may be taken."""
        return self._recognizer.available - self._left_out

    @property
    def versions(self) -> tuple[str, ...]:
        """Who reads."""
        if not self._left_out:
            return self._recognizer.versions
        first = takewhile(lambda one: not one.startswith(SECOND_ENGINE), self._recognizer.versions)
        return tuple(first)

    def recognize(self, picture: bytes, effort: Effort, *, turn: int = 0) -> tuple[Reading, ...]:
        """Return the readings of a step, the same ones when asked again."""
        key = (sha256(picture).digest(), effort, turn)
        if key not in self._known:
            self._known[key] = self._recognizer.recognize(picture, effort, turn=turn)
        return self._known[key]

    @property
    def efforts(self) -> tuple[Effort, ...]:
        """The steps taken so far, in the order of the ladder."""
        return tuple(sorted({effort for _, effort, _ in self._known}))


@attrs.frozen(kw_only=True, eq=False)
class Trial:
    """One clean picture, or None where the file is none, as it meets several expectations."""

    picture: bytes | None
    readings: RememberedReadings
    codes: QrCodes
    storage: FileStorage
    same_file: FirstUse | None = None
    both_engines: bool = False

    def read(self, expected: ExpectedPayment) -> PaymentEvidence:
        """Return what the picture says, read until that expectation is judged surely."""
        at = expected.submitted_at
        used = UsedReferences().with_file(self.same_file)
        reader = EvidenceReader(
            storage=self.storage,
            codes=self.codes,
            recognizer=self.readings,
            both_engines=self.both_engines,
        )
        return reader.read_pictures(
            () if self.picture is None else (self.picture,),
            lambda evidence: match(
                MatchInputs(evidence=evidence, expected=(expected,), used=used, at=at)
            ),
            near=at,
        )
