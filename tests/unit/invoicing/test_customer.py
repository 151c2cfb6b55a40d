"""What is known of a customer, and by which version it changes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kasa.domain.invoicing.customer import (
    Customer,
    CustomerArchived,
    CustomerDetails,
    CustomerFieldInvalid,
    EmailInvalid,
)
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.ids import CustomerId, uuid7
from kasa.domain.kernel.text import TextNotAllowed, TextTooLong, name

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def dara() -> Customer:
    """Return a customer."""
    details = CustomerDetails(name=name("Dara  Sok"))
    return Customer(
        id=CustomerId(uuid7(AT, bytes(10))), details=details, created_at=AT, updated_at=AT
    )


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"email": "dara"}, EmailInvalid),
        ({"email": "dara@shop"}, EmailInvalid),
        ({"email": "dara@shop.example "}, EmailInvalid),
        ({"email": f"{'x' * 250}@a.example"}, EmailInvalid),
        ({"country": "kh"}, CustomerFieldInvalid),
        ({"country": "KHM"}, CustomerFieldInvalid),
        ({"language": "fr"}, CustomerFieldInvalid),
        ({"address": "x" * 501}, TextTooLong),
        ({"tin": "x" * 41}, TextTooLong),
        ({"external_ref": "x" * 65}, TextTooLong),
        ({"name_km": "a\nb"}, TextNotAllowed),
    ],
)
def test_fields_out_of_range_are_refused(wrong: dict[str, Any], error: type[Exception]) -> None:
    """Each field has its form and its length."""
    with pytest.raises(error):
        CustomerDetails(name=name("Dara"), **wrong)


def test_every_change_is_the_next_version() -> None:
    """Edited, archived, restored: versions 2, 3 and 4, each told its moment."""
    edited = dara().edited(CustomerDetails(name=name("Sok")), version=1, at=LATER)
    archived = edited.archived(version=2, at=LATER)
    restored = archived.restored(version=3, at=LATER)
    assert [2, 3, 4] == [one.version for one in (edited, archived, restored)]
    assert (LATER, LATER, None) == (edited.updated_at, archived.archived_at, restored.archived_at)
    assert "sok" == edited.name_key


def test_an_old_version_changes_nothing() -> None:
    """Who saw another version is told the present one."""
    with pytest.raises(VersionStale) as refused:
        dara().archived(version=2, at=LATER)
    assert 1 == refused.value.facts["current_version"]


def test_an_archived_customer_is_not_used() -> None:
    """It stays archived since the first time."""
    archived = dara().archived(version=1, at=AT)
    assert AT == archived.archived(version=2, at=LATER).archived_at
    with pytest.raises(CustomerArchived):
        archived.usable()
    assert "dara sok" == dara().usable().name_key
