"""Text recognition by script: each picture says what it was told to say."""

from collections.abc import Iterator

from kasa.adapters.memory.outside import refuse_inside_unit_of_work
from kasa.domain.payments.recognition import Box, Effort, Languages, Reading, Word

LETTER_WIDTH = 15
LINE_HEIGHT = 30
LINE_DISTANCE = 50
MARGIN = 40


class ScriptedRecognizer:
    """Answers each picture with the lines that were scripted for it, and any other with nothing."""

    def __init__(self) -> None:
        self._scripts: dict[tuple[bytes, Effort], Reading] = {}

    @property
    def available(self) -> frozenset[Effort]:
        """The first step, and those that have a script."""
        return frozenset({Effort.FIRST, *(effort for _, effort in self._scripts)})

    @property
    def versions(self) -> tuple[str, ...]:
        """One engine, whose version never changes."""
        return ("scripted 1",)

    def show(
        self, picture: bytes, *lines: str, effort: Effort = Effort.FIRST, confidence: int = 96
    ) -> None:
        """Let a picture be read as these lines, from the top, at one step of the ladder."""
        self._scripts[picture, effort] = Reading(
            words=tuple(_words(lines, confidence)),
            engine="scripted",
            languages=Languages.BOTH,
            effort=effort,
            page_mode=6,
        )

    def recognize(self, picture: bytes, effort: Effort, *, turn: int = 0) -> tuple[Reading, ...]:
        """Return what was scripted for an upright picture."""
        refuse_inside_unit_of_work()
        reading = self._scripts.get((picture, effort))
        return () if reading is None or turn else (reading,)


def _words(lines: tuple[str, ...], confidence: int) -> Iterator[Word]:
    for row, line in enumerate(lines):
        column = 0
        for text in line.split(" "):
            left, top = MARGIN + column * LETTER_WIDTH, MARGIN + row * LINE_DISTANCE
            column += len(text) + 1
            if text:
                box = Box(left, top, len(text) * LETTER_WIDTH, LINE_HEIGHT)
                yield Word(text, box, confidence)
