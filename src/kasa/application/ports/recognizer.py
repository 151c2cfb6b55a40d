"""Reading text off pictures."""

from typing import ClassVar, Protocol

from kasa.domain.kernel.errors import Unavailable
from kasa.domain.payments.recognition import Effort, Reading


class RecognizerBusy(Unavailable):
    """Too many pictures wait to be read; try again in a moment."""

    code: ClassVar[str] = "recognizer.busy"


class RecognizerFailed(Unavailable):
    """The picture could not be read now; try again."""

    code: ClassVar[str] = "recognizer.unavailable"


class TextRecognizer(Protocol):
    """One or more engines that find words in pictures."""

    @property
    def available(self) -> frozenset[Effort]:
        """The steps of the ladder that the installed engines and language data can take."""

    @property
    def versions(self) -> tuple[str, ...]:
        """Name and version of each engine and of its language data, stored with each verdict."""

    def recognize(self, picture: bytes, effort: Effort, *, turn: int = 0) -> tuple[Reading, ...]:
        """Return the readings of one step of the ladder, boxes in pixels of the turned picture.

        The picture comes from an ``ImageCleaner``. ``turn`` (0, 90, 180 or 270 degrees clockwise)
        is applied first; ``Effort.TURNED`` returns one reading for each other turn. No words is an
        answer. Raises ``RecognizerBusy`` and ``RecognizerFailed``.
        """
