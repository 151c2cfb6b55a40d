"""The one converter between domain values and what is stored; strict in both directions.

A row is checked on the way in and on the way out: a text is no number, a number no text, a naive
moment nothing at all. Reading drops unknown fields and lifts old versions. Each context adds its
events module to ``EVENTS`` and its answered types to ``ANSWERS``.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import ModuleType
from typing import Any, TypeVar
from uuid import UUID

from cattrs import Converter

from kasa.application.identity.api_keys import ApiKeyGiven
from kasa.application.identity.service_clients import ServiceClientGiven
from kasa.application.inventory.auditing import Rebuilt, StockAudit
from kasa.application.invoicing.drafting import Previewed
from kasa.application.operations.reconciling import Reconciled
from kasa.application.payments.alerting import TakenAlert
from kasa.application.payments.reviewing import Claim
from kasa.application.payments.submitting import Submitted
from kasa.application.ports.payments import KhqrShown
from kasa.domain.files import events as files_events
from kasa.domain.files.file import StoredFile
from kasa.domain.identity import events as identity_events
from kasa.domain.identity.invitation import Invitation
from kasa.domain.identity.service import ApiKey, ServiceClient
from kasa.domain.identity.user import Membership
from kasa.domain.inventory import events as inventory_events
from kasa.domain.inventory.product import Product
from kasa.domain.inventory.reservation import Reservation
from kasa.domain.inventory.stock import StockDone
from kasa.domain.inventory.stocktake import StockCount
from kasa.domain.invoicing import events as invoicing_events
from kasa.domain.invoicing.balance import CustomerCredit
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.customer import Customer
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.numbering import Series
from kasa.domain.invoicing.share_link import ShareLink
from kasa.domain.kernel import events as kernel_events
from kasa.domain.kernel.events import Event, JobRetryAsked
from kasa.domain.kernel.foreign import Metadata
from kasa.domain.kernel.money import Currency, ExchangeRate, Money, currency
from kasa.domain.payments import events as payments_events
from kasa.domain.payments.account import ReceivingAccount
from kasa.domain.payments.alerts.alert import BankAlert
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.payment import Payment
from kasa.domain.subscriptions import events as subscriptions_events
from kasa.domain.tenancy import events as tenancy_events
from kasa.domain.tenancy.tenant import Tenant

EVENTS: tuple[ModuleType, ...] = (
    kernel_events,
    tenancy_events,
    identity_events,
    files_events,
    inventory_events,
    invoicing_events,
    payments_events,
    subscriptions_events,
)
ANSWERS: tuple[type, ...] = (
    type(None),
    bool,
    str,
    UUID,
    Tenant,
    StoredFile,
    JobRetryAsked,
    Product,
    Reservation,
    StockCount,
    StockDone,
    StockAudit,
    Rebuilt,
    Reconciled,
    Invoice,
    Previewed,
    CreditNote,
    Customer,
    CustomerCredit,
    Series,
    ExchangeRate,
    Claim,
    ShareLink,
    Submitted,
    Payment,
    ReceivingAccount,
    MatchPolicy,
    TakenAlert,
    BankAlert,
    KhqrShown,
    Membership,
    Invitation,
    ApiKey,
    ApiKeyGiven,
    ServiceClient,
    ServiceClientGiven,
)
LIFTS: Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From (kind, old version) to the function that turns its facts into those of the next."""

ValueT = TypeVar("ValueT")
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)


class RowInvalid(Exception):
    """What is stored is not what the program stores; this is a bug or a damaged row."""


def _exactly(plain: type) -> Callable[[Any, Any], Any]:
    def check(value: Any, wanted: Any) -> Any:
        if type(value) is not plain:
            raise RowInvalid(f"expected {plain.__name__}, found {type(value).__name__}")
        is_enum = isinstance(wanted, type) and issubclass(wanted, Enum)
        return wanted(value) if is_enum else value

    return check


def _uuid(value: Any, _: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(_exactly(str)(value, str))


def _moment(value: Any, _: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise RowInvalid("a moment without its time zone")
    return at.astimezone(UTC)


def _day(value: Any, _: Any) -> date:
    if isinstance(value, datetime):
        raise RowInvalid("expected a day, found a moment")
    return value if isinstance(value, date) else date.fromisoformat(value)


def _decimal(value: Any, _: Any) -> Decimal:
    number = value if isinstance(value, Decimal) else Decimal(_exactly(str)(value, str))
    if not number.is_finite():
        raise RowInvalid("a number that is none")
    return number


def _money(value: Any, _: Any) -> Money:
    if isinstance(value, Money):
        return value
    return Money(int(_exactly(str)(value["minor"], str)), currency(value["currency"]))


def _metadata(value: Any, _: Any) -> Metadata:
    """Return metadata from an object of JSON, which a column holds as text."""
    return Metadata.of(json.loads(value) if isinstance(value, str) else value)


def _currency(value: Any, _: Any) -> Currency:
    return value if isinstance(value, Currency) else currency(value)


def _bytes(value: Any, _: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else bytes.fromhex(value)


def _make_converter() -> Converter:
    made = Converter(unstruct_collection_overrides={frozenset: sorted})
    for plain in (int, str, bool):
        made.register_structure_hook(plain, _exactly(plain))
    made.register_structure_hook(UUID, _uuid)
    made.register_structure_hook(datetime, _moment)
    made.register_structure_hook(date, _day)
    made.register_structure_hook(Decimal, _decimal)
    made.register_structure_hook(Fraction, lambda value, _: Fraction(_exactly(str)(value, str)))
    made.register_structure_hook(timedelta, lambda value, _: int(value) * _MICROSECOND)
    made.register_structure_hook(bytes, _bytes)
    made.register_structure_hook(Money, _money)
    made.register_structure_hook(Currency, _currency)
    made.register_structure_hook(Metadata, _metadata)
    made.register_unstructure_hook(UUID, str)
    made.register_unstructure_hook(datetime, lambda at: at.astimezone(UTC).isoformat())
    made.register_unstructure_hook(date, date.isoformat)
    made.register_unstructure_hook(Decimal, str)
    made.register_unstructure_hook(Fraction, str)
    made.register_unstructure_hook(timedelta, lambda span: span // _MICROSECOND)
    made.register_unstructure_hook(bytes, bytes.hex)
    made.register_unstructure_hook(
        Money, lambda money: {"minor": str(money.minor), "currency": money.currency.code}
    )
    made.register_unstructure_hook(Currency, lambda unit: unit.code)
    made.register_unstructure_hook(Metadata, lambda metadata: dict(metadata.pairs))
    return made


CONVERTER = _make_converter()
_KINDS: Mapping[str, type[Event]] = {
    found.kind: found
    for module in EVENTS
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, Event) and found is not Event
}
_ANSWERED: Mapping[str, type] = {found.__qualname__: found for found in ANSWERS}


def value_of(stored: Any, wanted: type[ValueT]) -> ValueT:
    """Return a stored row, column or JSON value as a domain value, or raise."""
    return CONVERTER.structure(stored, wanted)


def stored(value: Any) -> Any:
    """Return a domain value as what JSON can hold; money and decimals as text."""
    return CONVERTER.unstructure(value)


def text_of(value: Any) -> str:
    """Return a domain value as JSON text with sorted keys."""
    return json.dumps(stored(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def facts_of(event: Event) -> str:
    """Return the facts of an event as JSON text, without its subject, which has a column."""
    facts = {name: fact for name, fact in stored(event).items() if name != "subject"}
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def event_of(kind: str, version: int, subject: UUID, facts: Mapping[str, Any]) -> Event:
    """Return a stored event, lifted to the version that the program knows."""
    wanted = _KINDS.get(kind)
    if wanted is None:
        raise RowInvalid(f"unknown event {kind}")
    lifted = dict(facts)
    for old in range(version, wanted.version):
        lifted = LIFTS[kind, old](lifted)
    return CONVERTER.structure({**lifted, "subject": subject}, wanted)


def answer_text(value: Any) -> tuple[str, str]:
    """Return the name of an answer's type and the answer as JSON text."""
    name = type(value).__qualname__
    if _ANSWERED.get(name) is not type(value):
        raise RowInvalid(f"{name} is missing in rows.ANSWERS")
    return name, text_of(value)


def answer_of(name: str, text: str) -> Any:
    """Return a stored answer as its typed value."""
    return CONVERTER.structure(json.loads(text), _ANSWERED[name])
