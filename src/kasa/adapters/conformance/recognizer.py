"""What every recogniser of text promises."""

from kasa.adapters.conformance.pictures import plain_png
from kasa.application.ports.recognizer import TextRecognizer
from kasa.domain.payments.recognition import WORDS_LIMIT, Effort


class TextRecognizerConformance:
    """Inherit it and say in ``make_ports`` which recogniser is tested."""

    def make_ports(self) -> TextRecognizer:
        """Return the recogniser."""
        raise NotImplementedError

    def test_the_first_step_is_available(self) -> None:
        """Every recogniser takes the first step, and names its versions."""
        recognizer = self.make_ports()
        assert Effort.FIRST in recognizer.available
        assert recognizer.versions
        assert all(version.strip() for version in recognizer.versions)

    def test_a_picture_without_text_is_an_answer(self) -> None:
        """White paper has no words, at every available step."""
        recognizer = self.make_ports()
        for effort in sorted(recognizer.available):
            readings = recognizer.recognize(plain_png(), effort)
            assert not [word for reading in readings for word in reading.words]

    def test_readings_say_what_they_are(self) -> None:
        """A reading carries its step, its turn and at most the words that are allowed."""
        recognizer = self.make_ports()
        for turn in (0, 90):
            for reading in recognizer.recognize(plain_png(), Effort.FIRST, turn=turn):
                assert Effort.FIRST is reading.effort
                assert turn == reading.turn
                assert len(reading.words) <= WORDS_LIMIT

    def test_the_same_picture_gives_the_same_readings(self) -> None:
        """Reading twice changes nothing."""
        recognizer = self.make_ports()
        first, second = (recognizer.recognize(plain_png(), Effort.FIRST) for _ in range(2))
        assert first == second
