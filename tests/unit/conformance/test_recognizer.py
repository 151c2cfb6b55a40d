"""The shipped suite of text recognition over the scripted recogniser."""

from kasa.adapters.conformance.recognizer import TextRecognizerConformance
from kasa.adapters.memory.recognizer import ScriptedRecognizer
from kasa.application.ports.recognizer import TextRecognizer


class TestScriptedRecognizer(TextRecognizerConformance):
    """The recogniser in memory."""

    def make_ports(self) -> TextRecognizer:
        """Return the recogniser."""
        return ScriptedRecognizer()
