"""A labelled set of receipt pictures: what each shows, and what should be decided."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from hashlib import sha256
from typing import Any

import attrs

from kasa.domain.kernel.errors import Invalid, KasaError
from kasa.domain.kernel.moments import zone
from kasa.domain.kernel.money import CURRENCIES, Money, currency
from kasa.domain.payments.account import AcceptedAccount, BankCode, printed_bank
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.expected_payment import ExpectedPayment

FORMAT = 1
EVERYWHERE = "everywhere"
"""The variant of an edit that no text can show; it is counted apart."""

HASH = "hash"
RECEIPT = "receipt"
APPROVE, REVIEW = "approve", "review"
DECISIONS = frozenset({APPROVE, REVIEW})
HASH_LENGTH = 16
_DIGITS = "0123456789"


class LabelledSetInvalid(Invalid):
    """The file truth.json is not a list of labelled pictures in the known format."""

    code = "evaluation.set_invalid"


@attrs.frozen(kw_only=True)
class PrintedId:
    """An id that a picture prints, as it stands or hashed, and what it is: ``hash``, ..."""

    role: str
    text: str


@attrs.frozen(kw_only=True)
class Printed:
    """What a picture shows; None where nothing is printed or legible.

    Texts of ids are as printed, or 16 hex digits of a salted SHA-256. ``hidden`` names what is
    cut off, covered or not legible.
    """

    kind: str
    bank: str = ""
    amount: Money | None = None
    paid_at: datetime | None = None
    ids: tuple[PrintedId, ...] = ()
    payee_name: str | None = None
    payee_account: str | None = None
    hidden: tuple[str, ...] = ()

    @property
    def references(self) -> tuple[PrintedId, ...]:
        """The ids of banks, the main one first."""
        return tuple(one for one in self.ids if one.role != HASH)

    @property
    def hashes(self) -> tuple[PrintedId, ...]:
        """The ids of the central bank."""
        return tuple(one for one in self.ids if one.role == HASH)


@attrs.frozen(kw_only=True)
class LabelledCase:
    """One picture: its file, how it came to be, what is expected, what should be decided.

    ``place`` counts the cases of its set from 0.
    """

    place: int
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

    @property
    def bank(self) -> str:
        """Whose screen it is, as the set says."""
        return self.printed.bank


@attrs.frozen(kw_only=True)
class LabelledSet:
    """Cases in their order of arrival; ``salt`` is set where printed ids are hashed."""

    cases: tuple[LabelledCase, ...]
    salt: str | None = None

    def shows(self, labelled: str, read: str) -> bool:
        """Tell whether an id that was read is the labelled one; case and spaces do not count."""
        if self.salt is None:
            return _bare(read) == _bare(labelled)
        forms = {read, _bare(read), _bare(read).upper()}
        digests = {sha256((self.salt + one).encode()).hexdigest()[:HASH_LENGTH] for one in forms}
        return labelled.lower() in digests


def _bare(text: str) -> str:
    return "".join(text.split()).lower()


def labelled_set(truth: Any) -> LabelledSet:
    """Return the set that a decoded truth.json describes, or raise ``evaluation.set_invalid``.

    Unknown keys are ignored; of a case only ``file``, ``decision`` and the invoice's ``amount``,
    ``currency``, ``issued_at`` and ``now`` have to be there.
    """
    if not isinstance(truth, Mapping) or truth.get("format") != FORMAT:
        raise LabelledSetInvalid(f'truth.json has to be an object with "format": {FORMAT}.')
    rows, salt = truth.get("cases"), truth.get("hash_salt")
    if not isinstance(rows, list):
        raise LabelledSetInvalid('truth.json has no list "cases".')
    if not isinstance(salt, str | None):
        raise LabelledSetInvalid("The hash_salt of truth.json has to be a text.")
    local = _zone(truth.get("time_zone", BANK_ZONE))
    cases = tuple(_case(place, row, local) for place, row in enumerate(rows))
    return LabelledSet(cases=cases, salt=salt)


def _zone(name: Any) -> tzinfo:
    try:
        return zone(_text(name))
    except (KasaError, ValueError, LookupError, TypeError) as error:
        raise LabelledSetInvalid("The time_zone of truth.json is not known.") from error


def _case(place: int, row: Any, local: tzinfo) -> LabelledCase:
    try:
        return _read_case(place, row, local)
    except KeyError as error:
        fault = f"has no {str(error.args[0])[:40]}"
    except KasaError as error:
        fault = f"is refused: {error.message}"
    except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
        fault = f"has a value of another form: {error!s:.80}"
    raise LabelledSetInvalid(f"Case {place + 1} of truth.json {fault}")


def _read_case(place: int, row: Mapping[str, Any], local: tzinfo) -> LabelledCase:
    invoice = row["invoice"]
    if row["decision"] not in DECISIONS:
        raise LabelledSetInvalid("decision has to be approve or review.")
    return LabelledCase(
        place=place,
        file=_text(row["file"]),
        layout=_text(row.get("layout")),
        degrade=_text(row.get("degrade")),
        hard=bool(row.get("hard")),
        approve=row["decision"] == APPROVE,
        attack=_text(row.get("attack")) or None,
        variant=_text(row.get("variant")) or None,
        number=_text(invoice.get("number")),
        expected=_expected(invoice, local),
        printed=_printed(row.get("printed") or {}, local),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str | None):
        raise TypeError(f"a text is expected, not {type(value).__name__}")
    return value or ""


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list | None):
        raise TypeError(f"a list is expected, not {type(values).__name__}")
    return tuple(_text(one) for one in values or ())


def _expected(invoice: Mapping[str, Any], local: tzinfo) -> ExpectedPayment:
    unit = currency(_text(invoice["currency"]))
    names, numbers = _texts(invoice.get("recipients")), _texts(invoice.get("accounts"))
    bank = printed_bank(_text(invoice.get("bank"))) or BankCode("")
    return ExpectedPayment(
        submitted_at=_moment(invoice["now"], local),
        issued_at=_moment(invoice["issued_at"], local),
        number=_text(invoice.get("number")),
        amounts=(Money.parse(_text(invoice["amount"]), unit),),
        accounts=tuple(
            AcceptedAccount(bank=bank, number=digits_of(number), names=names)
            for number in numbers or ("",)
        ),
        answered=True,
    )


def digits_of(text: str) -> str:
    """Return the digits of a printed number."""
    return "".join(letter for letter in text if letter in _DIGITS)


def _moment(text: str, local: tzinfo) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=local) if at.tzinfo is None else at


def _printed(row: Mapping[str, Any], local: tzinfo) -> Printed:
    amount, date = row.get("amount") or {}, row.get("date") or {}
    unit = CURRENCIES.get(_text(amount.get("currency")))
    value, iso = _text(amount.get("value")), _text(date.get("iso"))
    whole = row.get("payee_name_complete", True)
    return Printed(
        kind=_text(row.get("kind")) or RECEIPT,
        bank=_text(row.get("bank")),
        amount=Money.parse(value, unit) if value and unit else None,
        paid_at=_moment(iso, local) if "T" in iso else None,
        ids=tuple(
            PrintedId(role=_text(one.get("role")), text=_text(one["text"]))
            for one in row.get("ids") or ()
        ),
        payee_name=_text(row.get("payee_name")) or None if whole else None,
        payee_account=_text(row.get("payee_account")) or None,
        hidden=_texts(row.get("hidden")),
    )
