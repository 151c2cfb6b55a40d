"""The suite of words over memory."""

from kasa.adapters.conformance.wording import WordingConformance
from kasa.adapters.memory.wording import EnglishWording
from kasa.application.ports.wording import Wording


class TestEnglishWording(WordingConformance):
    """The words that are English only."""

    def make_ports(self) -> Wording:
        """Return the words."""
        return EnglishWording()
