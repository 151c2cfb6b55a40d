"""What a bank module says: its receipts' layouts, ids and dates in them, its alerts."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import attrs

from kasa.domain.payments.evidence import Direction


class Part(StrEnum):
    """What a label on a receipt announces.

    ACCOUNT and BANK belong to the side, payer or payee, whose label stands above.
    """

    TRANSACTION = "transaction"
    REFERENCE = "reference"
    PURCHASE = "purchase"
    HASH = "hash"
    DATE = "date"
    TO = "to"
    TO_ACCOUNT = "to_account"
    TO_BANK = "to_bank"
    FROM = "from"
    ACCOUNT = "account"
    BANK = "bank"
    AMOUNT = "amount"
    TOTAL = "total"
    DEBIT = "debit"
    FEE = "fee"
    RATE = "rate"
    BALANCE = "balance"
    REMARK = "remark"
    OTHER = "other"


class Payee(StrEnum):
    """Where a layout shows the payee, beside its labelled rows."""

    ROWS = "rows"
    UNDER_HEADLINE = "under_headline"
    SECOND_BLOCK = "second_block"
    NOWHERE = "nowhere"


class Decode(StrEnum):
    """How a day stands inside a reference."""

    UNIX_SECONDS = "unix_seconds"
    UNIX_MILLISECONDS = "unix_milliseconds"
    LAST_DIGIT_AND_DAY = "last_digit_and_day"
    YEAR_AND_DAY = "year_and_day"


@attrs.frozen(kw_only=True)
class ReferenceDate:
    """A day inside a reference: the first group of ``pattern`` holds it.

    ``since`` and ``until`` bound when the numbering was seen; ``confidence`` (0 to 100) says how
    well it is known. A row that is not ``used`` finds no date.
    """

    scheme: str
    pattern: str
    decode: Decode
    tolerance_days: int = 1
    since: date | None = None
    until: date | None = None
    confidence: int = 90
    used: bool = True


@attrs.frozen(kw_only=True)
class IdForm:
    """The exact form of a bank's id.

    ``everywhere``: it counts wherever it stands in a layout of its bank; a form that account
    numbers share counts only beside its label. A form without the letters I and O never prints
    them: they are the digits 1 and 0. ``english_only``: the Khmer data misreads it into
    other well-formed ids, so only readings by the English data count.
    """

    scheme: str
    pattern: str
    everywhere: bool = True
    english_only: bool = False


@attrs.frozen(kw_only=True)
class BankLayout:
    """One kind of receipt screen.

    ``labels`` are the words before each part, in every language, as printed. ``ids`` tells which
    scheme stands behind which label. ``minus``: the headline has one. ``headline_code``: its
    form is ``-N CODE``. ``halves``: times are printed with AM or PM. ``proves_final``: the
    screen exists only for finished transfers. ``under`` are the words before the payee's name
    under the headline; with ``name_runs`` the name is a running line that may be cut where they
    are missing. ``repeats_amount``: a labelled row repeats the headline's amount; it contradicts a
    headline but never stands for one that cannot be read. ``account_below``: the payee's account
    stands below the payee's name, without a label. ``absent`` parts are never printed.
    """

    key: str
    bank: str | None
    screen: Direction
    labels: Mapping[Part, tuple[str, ...]]
    ids: Mapping[Part, str]
    minus: bool = False
    headline_code: bool = False
    halves: bool = True
    proves_final: bool = True
    payee: Payee = Payee.ROWS
    under: tuple[str, ...] = ()
    name_runs: bool = False
    final_words: tuple[str, ...] = ()
    repeats_amount: bool = False
    account_below: bool = False
    absent: frozenset[Part] = frozenset()


@attrs.frozen(kw_only=True)
class AlertGrammar:
    """One wording of a bank's own messages to the merchant.

    ``bots`` are the user names that the bank posts under: hints, the numeric id decides whose
    words count. Each template is a whole message, tried in order: literal text and fields in
    braces, which ``alert_patterns`` lists. A field with a point is the id of that scheme.
    """

    family: str
    bank: str
    bots: tuple[str, ...]
    templates: tuple[str, ...]
