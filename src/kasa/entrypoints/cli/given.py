"""What people type, as values: numbers of things, amounts, invoices, products."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from uuid import UUID

from kasa.domain.identity.access import Actor
from kasa.domain.inventory.product import Product
from kasa.domain.kernel.errors import Invalid, NotFound
from kasa.domain.kernel.ids import InvoiceId
from kasa.entrypoints.opened import OpenKasa

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?\Z")
_SIGNED = re.compile(r"[+-]?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?\Z")


class NumberMalformed(Invalid):
    """A number is digits, with a point and at most 6 decimals."""

    code = "number.malformed"


def decimal(text: str, *, signed: bool = False) -> Decimal:
    """Return a number that somebody typed, exactly, or raise ``number.malformed``."""
    if not (_SIGNED if signed else _DECIMAL).match(text):
        raise NumberMalformed(given=text[:40])
    return Decimal(text)


def identifier(text: str, thing: str) -> UUID:
    """Return the identifier that a text is; any other shape is NotFound, like a missing one."""
    with naming(thing, text):
        try:
            made = UUID(text)
        except ValueError as fault:
            raise NotFound from fault
        if str(made) != text.lower():
            raise NotFound
    return made


@contextmanager
def naming(thing: str, given: str) -> Iterator[None]:
    """Say in a NotFound which thing is missing, by what somebody typed."""
    try:
        yield
    except NotFound as missing:
        raise NotFound(f"There is no {thing} {given[:64]}.") from missing


def invoice_id(opened: OpenKasa, actor: Actor, given: str) -> InvoiceId:
    """Return the invoice that somebody names: by its number, or a draft by its id."""
    queries = opened.kasa.invoicing.queries
    with naming("invoice", given):
        try:
            wanted = InvoiceId(identifier(given, "invoice"))
        except NotFound:
            return queries.invoice_numbered(actor, given).invoice.id
        return queries.invoice(actor, wanted).invoice.id


def product(opened: OpenKasa, actor: Actor, code: str) -> Product:
    """Return the product of a SKU code or barcode, or raise NotFound that names the code."""
    with naming("product with the code", code):
        return opened.kasa.inventory.queries.find(actor, code)


def printed(opened: OpenKasa, actor: Actor, invoice: InvoiceId) -> bytes:
    """Return the newest printed copy of an issued invoice; NotFound while there is none."""
    copies = opened.kasa.invoicing.queries.invoice(actor, invoice).copies
    if not copies:
        raise NotFound("There is no printed copy yet; a draft has none.")
    return opened.kasa.files.fetch(actor, copies[-1].file)
