"""What is stored comes back as it was, and nothing else is taken for it."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance import strategies
from kasa.adapters.postgres import rows
from kasa.adapters.postgres.rows import (
    RowInvalid,
    answer_of,
    answer_text,
    event_of,
    facts_of,
    stored,
    value_of,
)
from kasa.domain.kernel.events import Event
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.tenancy.events import TenantChanged
from kasa.domain.tenancy.tenant import TenantProfile, TenantState

SUBJECT = UUID(int=7)
KINDS = sorted(
    (
        found
        for module in rows.EVENTS
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Event) and found is not Event
    ),
    key=lambda found: found.kind,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda found: found.kind)
def test_an_event_survives_its_row(kind: type[Event]) -> None:
    """Every event that can be made is read back from its facts as it was."""
    assert strategies.TABLES

    @given(event=st.from_type(kind))
    def check(event: Event) -> None:
        facts = json.loads(facts_of(event))
        assert "subject" not in facts
        assert event == event_of(event.kind, event.version, event.subject, facts)

    check()


def test_reading_drops_unknown_facts() -> None:
    """A field that a newer program wrote does not hinder an older one."""
    facts = {"fields": ["name"], "colour": "green"}
    assert event_of("tenancy.tenant_changed", 1, SUBJECT, facts) == TenantChanged(
        subject=SUBJECT, fields=("name",)
    )


def test_an_unknown_event_is_told() -> None:
    """A kind nobody knows is an error, never a guess."""
    with pytest.raises(RowInvalid):
        event_of("tenancy.tenant_painted", 1, SUBJECT, {})


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ("5", int),
        (True, int),
        (5, str),
        (1, bool),
        (1.5, Decimal),
        ("NaN", Decimal),
        ("2026-01-01T00:00:00", datetime),
        (datetime(2026, 1, 1, tzinfo=UTC), date),
        ({"minor": 5, "currency": "KHR"}, Money),
        ({"minor": "5", "currency": "XXX"}, Money),
        ("shut", TenantState),
        ({"name": 5}, TenantProfile),
    ],
)
def test_a_row_of_another_type_is_refused(found: object, wanted: type) -> None:
    """A text is no number, a number no text, a naive moment no moment."""
    with pytest.raises(Exception) as caught:  # noqa: PT011  # cattrs groups its errors
        value_of(found, wanted)
    assert caught.value is not None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Money(-5, KHR), {"minor": "-5", "currency": "KHR"}),
        (Decimal("1.50"), "1.50"),
        (Fraction(1, 3), "1/3"),
        (timedelta(seconds=1), 1_000_000),
        (b"\x01\xff", "01ff"),
        (date(2026, 2, 28), "2026-02-28"),
    ],
)
def test_exact_values_are_stored_as_text(value: object, text: object) -> None:
    """What JSON would round is text in it, and comes back equal."""
    assert text == stored(value)
    assert value == value_of(text, type(value))


def test_an_answer_is_typed_again() -> None:
    """A stored answer carries the name of its type; one that is not listed is refused."""
    assert answer_of(*answer_text(SUBJECT)) == SUBJECT
    with pytest.raises(RowInvalid):
        answer_text(TenantProfile)
