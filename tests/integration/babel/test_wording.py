"""Words in English and Khmer, and the catalogue they come from."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date

import pytest
from babel.messages.catalog import Catalog, Message

import kasa.application
import kasa.domain
from kasa.adapters.babel.wording import BabelWording, catalogue
from kasa.adapters.conformance.wording import WordingConformance
from kasa.adapters.pdf.labels import LABELS
from kasa.application.identity import mail_words
from kasa.application.payments.verdict_sentences import spoken
from kasa.application.ports.phrasing import forms as sentence_forms
from kasa.application.ports.phrasing import placeholders
from kasa.application.ports.sentences import REASONS
from kasa.application.ports.wording import Audience, Language, Wording
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.reasons import Reason

pytestmark = pytest.mark.integration

PEOPLE_MEET = ("account.", "evidence.", "money.", "payment.", "recognizer.")
"""Errors that shops and their customers meet every day: these speak Khmer."""


class TestBabelWording(WordingConformance):
    """The real words."""

    def make_ports(self) -> Wording:
        """Return the words."""
        return BabelWording()


def messages(found: Catalog) -> Iterator[Message]:
    """Yield the messages of a catalogue without its head."""
    return (message for message in found if message.id)


def forms(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return all forms of a message or of its translation."""
    return (value,) if isinstance(value, str) else tuple(value or ("",))


def sentences(found: Catalog) -> set[str]:
    """Return every English sentence of a catalogue, singular and plural."""
    return {form for message in messages(found) for form in forms(message.id)}


def test_every_khmer_entry_is_whole() -> None:
    """No entry is empty or fuzzy, and each has exactly the placeholders of its English."""
    faults = []
    for message in messages(catalogue(Language.KHMER)):
        wanted = {frozenset(placeholders(form)) for form in forms(message.id)}
        given = {frozenset(placeholders(form)) for form in forms(message.string)}
        if message.fuzzy or not all(forms(message.string)) or wanted != given:
            faults.append(message.id)
    assert faults == []


def test_template_and_catalogue_have_the_same_messages() -> None:
    """What is to be translated and what is translated are the same."""
    assert sentences(catalogue(Language.ENGLISH)) == sentences(catalogue(Language.KHMER))


def test_what_people_read_can_be_translated() -> None:
    """Every reason's sentence, label of a document and sentence of a mail is in the template."""
    said = {
        form
        for reason in REASONS.values()
        for sentence in (*reason.merchant, *reason.customer)
        for form in sentence_forms(sentence)
    }
    said |= set(LABELS) | spoken() | mail_words.spoken()
    assert said - sentences(catalogue(Language.ENGLISH)) == set()


def test_every_reason_has_its_sentence() -> None:
    """No reason of a verdict is without words for the shop."""
    assert {reason.value for reason in Reason} - set(REASONS) == set()


def errors_people_meet() -> set[str]:
    """Return the sentences of the errors that people meet every day."""
    for package in (kasa.domain, kasa.application):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found, waiting = set(), [KasaError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        inner = error.__module__.startswith(("kasa.domain", "kasa.application"))
        if inner and error.code.startswith(PEOPLE_MEET):
            found.add((error.__doc__ or "").partition("\n")[0])
    return found


def test_errors_that_people_meet_are_translated() -> None:
    """Errors about pictures, payments, accounts and money speak Khmer."""
    assert errors_people_meet() - sentences(catalogue(Language.KHMER)) == set()


def test_khmer_is_said() -> None:
    """Sentences, reasons, days and digits are said in Khmer."""
    wording, khmer = BabelWording(), Language.KHMER
    assert wording.sentence("Invoice", khmer) == "វិក្កយបត្រ"
    assert wording.counted(("{n} day", "{n} days"), 1, khmer) == "1 ថ្ងៃ"
    assert wording.day(date(2026, 11, 20), khmer) == "20 វិច្ឆិកា 2026"
    assert wording.money(Money(40_000, KHR), khmer, khmer_digits=True) == "៤០,០០០៛"
    assert wording.money(Money(40_000, KHR), Language.ENGLISH, khmer_digits=True) == "40,000៛"
    said = wording.reason("amount_over", Audience.MERCHANT, khmer, {"seen": "1", "expected": "2"})
    assert said == "បានបង់ 1 ត្រូវបង់ 2។"


def test_what_is_not_translated_stays_english() -> None:
    """A sentence that no catalogue has is said as it is."""
    assert BabelWording().sentence("No such sentence", Language.KHMER) == "No such sentence"
