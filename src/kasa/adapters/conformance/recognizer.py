"""What every recogniser of text promises."""

from kasa.adapters.conformance.pictures import plain_png
from kasa.application.ports.recognizer import TextRecognizer
from kasa.domain.payments.recognition import WORDS_LIMIT, Effort


class TextRecognizerConformance:
    """Inherit it and say in ``make_ports`` which recogniser is tested."""

    def make_ports(self) -> TextRecognizer:
        """Return the recogniser."""
        raise NotImplementedError

    def test_some_step_is_available(self) -> None:
        """Every recogniser takes a step of the ladder, and names its versions."""
        recognizer = self.make_ports()
        assert recognizer.available
        assert recognizer.available <= frozenset(Effort)
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
        first = min(recognizer.available)
        for turn in (0, 90):
            for reading in recognizer.recognize(plain_png(), first, turn=turn):
                assert first is reading.effort
                assert turn == reading.turn
                assert len(reading.words) <= WORDS_LIMIT
                assert reading.engine.strip()

    def test_a_step_that_is_not_available_reads_nothing(self) -> None:
        """Asked for a step that it cannot take, it answers with no reading."""
        recognizer = self.make_ports()
        for effort in frozenset(Effort) - recognizer.available:
            assert () == recognizer.recognize(plain_png(), effort)

    def test_the_same_picture_gives_the_same_readings(self) -> None:
        """Reading twice changes nothing."""
        recognizer = self.make_ports()
        step = min(recognizer.available)
        first, second = (recognizer.recognize(plain_png(), step) for _ in range(2))
        assert first == second
