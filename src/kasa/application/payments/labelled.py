"""A labelled set of receipt pictures: what each shows, and what should be decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import attrs

from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import CURRENCIES, Money, currency
from kasa.domain.payments.account import AcceptedAccount, bank_code
from kasa.domain.payments.expected_payment import ExpectedPayment

FORMAT = 1
EVERYWHERE = "everywhere"
"""The variant of an edit that no text can show; it is counted apart."""

HASH_LENGTH = 16
_DIGITS = "0123456789"


class LabelledSetInvalid(Invalid):
    """The file truth.json is not a list of labelled pictures in the known format."""

    code = "evaluation.set_invalid"


@attrs.frozen(kw_only=True)
class Printed:
    """What a picture shows; None where nothing is printed or legible.

    ``references`` are as printed, or 16 hex digits of a salted SHA-256; ``hashes`` are those of
    the central bank.
    """

    kind: str
    amount: Money | None = None
    paid_at: datetime | None = None
    references: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    payee_name: str | None = None
    payee_account: str | None = None


@attrs.frozen(kw_only=True)
class LabelledCase:
    """One picture: its file, how it came to be, what is expected, what should be decided."""

    file: str
    layout: str
    degrade: str
    hard: bool
    approve: bool
    attack: str | None
    variant: str | None
    number: str
    expected: ExpectedPayment
    printed: Printed

    @property
    def is_apart(self) -> bool:
        """Whether no text can show what is wrong with it."""
        return self.attack == "edited_amount" and self.variant == EVERYWHERE


@attrs.frozen(kw_only=True)
class LabelledSet:
    """Cases in their order of arrival; ``salt`` is set where printed ids are hashed."""

    cases: tuple[LabelledCase, ...]
    salt: str | None = None

    def shows(self, labelled: str, read: str) -> bool:
        """Tell whether an id that was read is the labelled one."""
        plain, bare = read.lower(), labelled.lower()
        if self.salt is None:
            return plain == bare
        digest = sha256((self.salt + read).encode()).hexdigest()[:HASH_LENGTH]
        return digest == bare


def labelled_set(truth: Mapping[str, Any]) -> LabelledSet:
    """Return the set that a decoded truth.json describes, or raise ``evaluation.set_invalid``."""
    try:
        if truth["format"] != FORMAT:
            raise LabelledSetInvalid(f"kasa knows format {FORMAT} of labelled sets")
        cases = tuple(_case(row) for row in truth["cases"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LabelledSetInvalid from error
    return LabelledSet(cases=cases, salt=truth.get("hash_salt"))


def _case(row: Mapping[str, Any]) -> LabelledCase:
    invoice = row["invoice"]
    return LabelledCase(
        file=row["file"],
        layout=row["layout"],
        degrade=row["degrade"],
        hard=bool(row["hard"]),
        approve=row["decision"] == "approve",
        attack=row["attack"],
        variant=row.get("variant"),
        number=invoice["number"],
        expected=_expected(invoice),
        printed=_printed(row["printed"]),
    )


def _expected(invoice: Mapping[str, Any]) -> ExpectedPayment:
    return ExpectedPayment(
        submitted_at=_moment(invoice["now"]),
        issued_at=_moment(invoice["issued_at"]),
        number=invoice["number"],
        amounts=(Money.parse(invoice["amount"], currency(invoice["currency"])),),
        accounts=_accounts(invoice["recipients"], invoice["accounts"], invoice["bank"]),
        answered=True,
    )


def _accounts(
    names: Sequence[str], numbers: Sequence[str], bank: str
) -> tuple[AcceptedAccount, ...]:
    return tuple(
        AcceptedAccount(bank=bank_code(bank), number=digits_of(number), names=tuple(names))
        for number in numbers or ("",)
    )


def digits_of(text: str) -> str:
    """Return the digits of a printed number."""
    return "".join(letter for letter in text if letter in _DIGITS)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at


def _printed(row: Mapping[str, Any]) -> Printed:
    ids = row.get("ids") or ()
    amount = row.get("amount")
    unit = CURRENCIES.get(amount["currency"]) if amount and amount["currency"] else None
    date = row.get("date")
    return Printed(
        kind=row["kind"],
        amount=Money.parse(amount["value"], unit) if amount and unit else None,
        paid_at=_moment(date["iso"]) if date and "T" in date["iso"] else None,
        references=tuple(one["text"] for one in ids if one["role"] != "hash"),
        hashes=tuple(one["text"] for one in ids if one["role"] == "hash"),
        payee_name=row.get("payee_name") if row.get("payee_name_complete", True) else None,
        payee_account=row.get("payee_account"),
    )
