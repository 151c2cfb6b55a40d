"""Bank alerts: whose words count, and what a message says (payments.md, section 13)."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import attrs

from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import CURRENCIES, Money
from kasa.domain.kernel.text import KHMER_DIGITS
from kasa.domain.payments.account import printed_bank
from kasa.domain.payments.alerts.moments import moment_of, reference_moment
from kasa.domain.payments.alerts.patterns import PAYWAY_APV, matched
from kasa.domain.payments.banks.shapes import AlertGrammar
from kasa.domain.payments.banks.tables import (
    ALERTS,
    BANK_ZONE,
    LAYOUTS,
    REFERENCE_DATES,
    reference_date,
)
from kasa.domain.payments.evidence import (
    ABSENT,
    FieldReading,
    FieldState,
    PaymentEvidence,
    Precision,
    Source,
)
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.receipts.printed import SIGNS, WORDS, parse_number
from kasa.domain.payments.references import FORMS, HASHES, normalised

ALERT_LENGTH_MAX = 2000
MINUTE = timedelta(minutes=1)
TIME_TOLERANCE = timedelta(minutes=2)
TAIL_LENGTH_MAX = 4
PAYER_REFERENCE = "payer.ref"
ALERT_REFERENCE = "alert"


class Refusal(StrEnum):
    """Why a message is no credit."""

    NOT_TRUSTED = "alert.not_trusted"
    NOT_A_CREDIT = "alert.not_a_credit"
    AMOUNT_UNREADABLE = "alert.amount_unreadable"
    DATE_UNREADABLE = "alert.date_unreadable"


class AlertFlag(StrEnum):
    """What a person should know of an alert."""

    TIME_DISAGREES = "alert.time_disagrees_with_reference"
    REPEATED = "alert.repeated"
    EDITED = "alert.edited"


class Sender(StrEnum):
    """Who posted a message."""

    BOUND_BOT = "bound_bot"
    OTHER_BOT = "other_bot"
    CHANNEL = "channel"
    PERSON = "person"


@attrs.frozen(kw_only=True)
class Envelope:
    """How a message came: who posted it, where, and in which way.

    ``bot`` is the user name of the bank's bot, which tells the wording. ``sender`` is BOUND_BOT
    only when the numeric id is the one that the owner confirmed for this chat. ``ingested``: it
    came by the signed route of the shop's own program.
    """

    bot: str
    chat: int
    message: int
    sender: Sender
    chat_bound: bool = False
    forwarded: bool = False
    via_bot: bool = False
    edited: bool = False
    ingested: bool = False


def trust(envelope: Envelope) -> Source | Refusal:
    """Say how much the words of a message count: a bank's, one step less, or nothing."""
    own_words = not (envelope.forwarded or envelope.via_bot or envelope.edited)
    if envelope.ingested:
        return Source.ALERT_INGESTED if own_words else Refusal.NOT_TRUSTED
    bound = envelope.sender is Sender.BOUND_BOT and envelope.chat_bound
    return Source.BANK_ALERT if bound and own_words else Refusal.NOT_TRUSTED


@attrs.frozen(kw_only=True)
class BankCredit:
    """Money that came to the merchant, as the bank's message says it.

    Texts are as printed, empty where the wording has none; ``shop`` is None where it prints no
    receiver. ``payer_account`` may be masked, ``payer_tail`` are its last visible characters.
    ``references`` holds every id, ``payway.apv`` too, which is never a key.
    """

    family: str
    amount: Money
    paid_at: datetime
    precision: Precision
    payer: str = ""
    payer_account: str = ""
    payer_tail: str = ""
    payer_bank: str = ""
    channel: str = ""
    shop: str | None = None
    remark: str = ""
    bill_number: str = ""
    references: Mapping[str, str] = attrs.field(factory=dict)
    flags: tuple[str, ...] = ()

    def evidence(self, source: Source) -> PaymentEvidence:
        """Return what it claims, as evidence of a source; ids without a form of their own join.

        Outcome and direction are left to the bank's rank: they never overrule a picture.
        """
        return PaymentEvidence(
            source=source,
            layout=f"alert.{self.family}",
            amount=_told(self.amount),
            currency=_told(self.amount.currency),
            paid_at=_told(self.paid_at),
            precision=self.precision,
            recipient_name=ABSENT if self.shop is None else _told(self.shop),
            payer_name=_told(self.payer),
            payer_account=_told(self.payer_account),
            references={
                scheme: _told(value)
                for scheme, value in sorted(self.references.items())
                if scheme != PAYWAY_APV
            },
            remark=_told(self.remark),
            bill_number=_told(self.bill_number),
            notes=(Reason.REFERENCE_DATE_DIFFERS.value,) if self.flags else (),
        )


def _told(value: Any) -> FieldReading[Any]:
    if value == "":
        return ABSENT
    return FieldReading(state=FieldState.READ, value=value, seen=1, labelled=True)


def grammars_of(bot: str) -> tuple[AlertGrammar, ...]:
    """Return the wordings of a bank's bot, by its user name in any letter case."""
    name = bot.removeprefix("@").casefold()
    return tuple(
        grammar for grammar in ALERTS if name in {known.casefold() for known in grammar.bots}
    )


def read_alert(text: str, bot: str, received_at: datetime) -> BankCredit | Refusal:
    """Return the credit that a whole message of a bot tells, or why it tells none.

    The message has to follow one wording of that bot from its first to its last character.
    """
    whole = unicodedata.normalize("NFC", text)
    if len(text) > ALERT_LENGTH_MAX or len(whole) > ALERT_LENGTH_MAX:
        return Refusal.NOT_A_CREDIT
    for grammar in grammars_of(bot):
        values = matched(grammar, whole)
        if values is not None:
            return _credit(grammar, values, received_at)
    return Refusal.NOT_A_CREDIT


def _credit(
    grammar: AlertGrammar, values: Mapping[str, str], received_at: datetime
) -> BankCredit | Refusal:
    amount = _amount(values)
    if amount is None:
        return Refusal.AMOUNT_UNREADABLE
    references = {
        scheme: normalised(scheme, value)
        for scheme, value in values.items()
        if scheme in FORMS or scheme == PAYWAY_APV
    }
    moment = moment_of(values, references, received_at)
    if moment is None:
        return Refusal.DATE_UNREADABLE
    paid_at, precision = moment
    payer_bank = next((values[name] for name in _PAYER_BANKS if name in values), "")
    account = values.get("phone") or values.get("masked") or ""
    tail = values.get("tail", "")
    bill = values.get("bill", "").partition("|")[0].strip()
    disagrees = _disagrees(references, paid_at, precision, received_at)
    return BankCredit(
        family=grammar.family,
        amount=amount,
        paid_at=paid_at,
        precision=precision,
        payer=values.get("payer", ""),
        payer_account=f"*{tail}" if tail else account,
        payer_tail=tail or re.split("[^0-9]", account)[-1][-TAIL_LENGTH_MAX:],
        payer_bank=payer_bank,
        channel=values.get("channel", ""),
        shop=values.get("shop"),
        remark=values.get("remark", ""),
        bill_number=bill,
        references=references | _payer_reference(bill, payer_bank),
        flags=(AlertFlag.TIME_DISAGREES.value,) if disagrees else (),
    )


_PAYER_BANKS = ("bank", "bank_in", "bank_word", "bank_slash")


def _amount(values: Mapping[str, str]) -> Money | None:
    sign = values.get("sign")
    if sign is not None:
        unit = CURRENCIES[SIGNS[sign]]
    else:
        word = values.get("word")
        unit = WORDS[word] if word is not None else CURRENCIES[values["code"]]
    number = parse_number(values["amount"].translate(KHMER_DIGITS))
    return None if number is None else number.money(unit)


def _payer_reference(bill: str, bank: str) -> dict[str, str]:
    """Return the id of the payer's bank that the first part of a bill is, if it is one."""
    code = printed_bank(bank)
    schemes = {
        scheme
        for layout in LAYOUTS
        if code is not None and layout.bank == code
        for scheme in layout.ids.values()
        if scheme not in HASHES
    }
    value = "".join(bill.split()).upper()
    known = any(FORMS[scheme].fullmatch(value) for scheme in schemes)
    return {PAYER_REFERENCE: value} if known else {}


def _disagrees(
    references: Mapping[str, str], paid_at: datetime, precision: Precision, near: datetime
) -> bool:
    """Tell whether the moment inside an id lies outside what is printed, and its tolerance."""
    exact = reference_moment(references)
    if exact is not None:
        lasts = MINUTE if precision is Precision.MINUTE else timedelta(seconds=1)
        return not paid_at - TIME_TOLERANCE <= exact < paid_at + lasts + TIME_TOLERANCE
    printed = business_date(paid_at, BANK_ZONE)
    days = {
        scheme: day
        for scheme, value in references.items()
        if (day := reference_date(scheme, value, near)) is not None
    }
    return any(
        abs(printed - day) > timedelta(days=REFERENCE_DATES[scheme].tolerance_days)
        for scheme, day in days.items()
    )
