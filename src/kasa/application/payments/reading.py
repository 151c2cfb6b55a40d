"""Reading the pictures of a payment, again only while that can still decide something."""

from collections.abc import Callable, Sequence
from datetime import datetime

import attrs

from kasa.application.ports.codes import QrCodes
from kasa.application.ports.payments import PaymentCase
from kasa.application.ports.recognizer import RecognizerFailed, TextRecognizer
from kasa.application.ports.storage import FileStorage, StorageKey
from kasa.domain.payments.effort import next_effort, upright
from kasa.domain.payments.evidence import PaymentEvidence, ReceiptKind, Source
from kasa.domain.payments.matching import MatchVerdict
from kasa.domain.payments.merging import merge
from kasa.domain.payments.receipts.reading import read_text
from kasa.domain.payments.recognition import Effort, Reading, RecognizedText

Judge = Callable[[PaymentEvidence], MatchVerdict]
"""A dry match: nothing is stored, and used references are not known."""


@attrs.frozen(kw_only=True, eq=False)
class EvidenceReader:
    """Reads pictures step by step: first reading, dry match, the next step of the ladder.

    Seconds pass; no unit of work may be open. Raises ``Unavailable`` when pictures cannot be read
    now. With ``both_engines`` the second engine reads every picture last, also where nothing asks
    for it: for evaluations, and for a person who wants its opinion.
    """

    storage: FileStorage
    codes: QrCodes
    recognizer: TextRecognizer
    both_engines: bool = False

    def read(self, case: PaymentCase, *, at: datetime) -> PaymentEvidence:
        """Return what the stored pictures of a payment say; one seen before is not read again."""
        if case.same_file is not None:
            return PaymentEvidence(source=Source.SCREENSHOT, layout="")
        pictures = [
            b"".join(self.storage.get(StorageKey(picture.storage_key))) for picture in case.pictures
        ]
        return self.read_pictures(
            pictures,
            lambda evidence: case.judge(merge(evidence, *case.typed), at=at),
            near=case.payment.submitted_at,
        )

    def read_pictures(
        self, pictures: Sequence[bytes], judge: Judge, *, near: datetime
    ) -> PaymentEvidence:
        """Return what some clean pictures of one payment say together.

        ``near`` is the moment of submission: printed years lie near it.
        """
        if not pictures:
            return PaymentEvidence(source=Source.SCREENSHOT, layout="")
        evidence: tuple[PaymentEvidence, ...] = ()
        for picture in pictures:
            read = self._read(picture, _beside(evidence, judge), near)
            evidence = (*evidence, read)
        return merge(*evidence)

    def _read(self, picture: bytes, judge: Judge, near: datetime) -> PaymentEvidence:
        """Read one picture by the ladder; at most six steps."""
        text = _text(self.recognizer.recognize(picture, Effort.FIRST))
        tried: tuple[Effort, ...] = (Effort.FIRST,)
        taken = tried
        codes: tuple[str, ...] | None = None
        while True:
            evidence = read_text(text, near, codes or ())
            if codes is None and evidence.known(evidence.receipt) is not ReceiptKind.RECEIPT:
                codes = self.codes.read(picture)
                evidence = read_text(text, near, codes)
            evidence = attrs.evolve(
                evidence, engine_versions=self.recognizer.versions, efforts=taken
            )
            effort = next_effort(evidence, judge(evidence), tried, self.recognizer.available)
            effort = effort or self._second_opinion(tried)
            if effort is None:
                return evidence
            more = self._again(picture, text, effort)
            tried = (*tried, effort)
            taken = taken if more is text else (*taken, effort)
            text = more

    def _second_opinion(self, tried: tuple[Effort, ...]) -> Effort | None:
        """Return the second engine's step when it is wanted in any case and was not taken."""
        missing = Effort.SECOND_ENGINE in self.recognizer.available - frozenset(tried)
        return Effort.SECOND_ENGINE if self.both_engines and missing else None

    def _again(self, picture: bytes, text: RecognizedText, effort: Effort) -> RecognizedText:
        """Return the text with the readings of a further step; a step that fails adds none."""
        turn = text.readings[0].turn if text.readings else 0
        try:
            more = self.recognizer.recognize(picture, effort, turn=turn)
        except RecognizerFailed:
            return text
        together = text.with_readings(more)
        return upright(together) if effort is Effort.TURNED else together


def _beside(known: tuple[PaymentEvidence, ...], judge: Judge) -> Judge:
    """Return a judge that sees a picture's evidence together with what is known already."""
    return lambda evidence: judge(merge(evidence, *known))


def _text(readings: tuple[Reading, ...]) -> RecognizedText:
    """Return readings of a picture, whose size is taken from where its words end."""
    boxes = [word.box for reading in readings for word in reading.words]
    return RecognizedText(
        readings=readings,
        width=max((box.left + box.width for box in boxes), default=0),
        height=max((box.top + box.height for box in boxes), default=0),
    )
