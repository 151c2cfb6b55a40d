"""Errors say what the caller can do, under a code that does not change."""

import importlib
import pkgutil

import pytest

from kasa.domain.kernel import errors
from kasa.domain.kernel.errors import KasaError, NotFound, Throttled, Unavailable
from kasa.domain.kernel.money import MoneyTooPrecise

KINDS = {
    errors.Invalid,
    errors.Unauthenticated,
    errors.NotEntitled,
    errors.Forbidden,
    errors.NotFound,
    errors.Conflict,
    errors.Throttled,
    errors.Unavailable,
}


def every_error(root: type[KasaError] = KasaError) -> set[type[KasaError]]:
    """Return all errors that are imported, below a root."""
    return {root}.union(*(every_error(child) for child in root.__subclasses__()))


def declared() -> set[type[KasaError]]:
    """Return every error of domain and application."""
    for layer in ("domain", "application"):
        package = importlib.import_module(f"kasa.{layer}")
        for module in pkgutil.walk_packages(package.__path__, f"kasa.{layer}."):
            importlib.import_module(module.name)
    return {
        error
        for error in every_error()
        if error.__module__.startswith(("kasa.domain", "kasa.application"))
        and "<locals>" not in error.__qualname__
    }


def test_there_are_eight_kinds() -> None:
    """Every error is of exactly one kind."""
    for error in declared() - {KasaError}:
        assert 1 == sum(issubclass(error, kind) for kind in KINDS)


def test_codes_are_unique_and_well_formed() -> None:
    """A code names one error and its special cases: words joined by points and underscores."""
    own = [error for error in declared() - KINDS - {KasaError} if "code" in vars(error)]
    codes = [error.code for error in own]
    assert sorted(set(codes)) == sorted(codes)
    assert all(code.replace(".", "").replace("_", "").isalnum() for code in codes)
    assert all(code == code.lower() for code in codes)


def test_the_sentence_is_that_of_the_class() -> None:
    """Without another one, an error says the first line of its docstring."""
    assert str(NotFound()) == "There is no such thing here."
    assert NotFound("No such invoice.").message == "No such invoice."


def test_facts_are_what_the_caller_may_see() -> None:
    """An error carries its facts as they were given."""
    assert {"currency": "KHR", "decimals": 0} == MoneyTooPrecise(currency="KHR", decimals=0).facts


@pytest.mark.parametrize("kind", [Throttled, Unavailable])
def test_what_passes_says_when_to_come_back(kind: type[Throttled] | type[Unavailable]) -> None:
    """The wait is an attribute and a fact."""
    error = kind(retry_after=7)
    assert (7, 7) == (error.retry_after, error.facts["retry_after"])


def test_every_error_can_be_raised_with_its_facts_alone() -> None:
    """No error needs more than its facts, so a door can name each of them."""
    for error in declared():
        made = error(retry_after=1) if issubclass(error, Throttled) else error()
        assert made.message


def test_a_sentence_is_for_people() -> None:
    """No sentence that a door prints carries the marks of a docstring."""
    for error in declared():
        made = error(retry_after=1) if issubclass(error, Throttled) else error()
        assert "``" not in made.message, error.code
