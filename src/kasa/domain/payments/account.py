"""The shop's receiving accounts: bank, number, and the names that receipts print for them."""

import re
import unicodedata
from datetime import datetime
from typing import NewType

import attrs

from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.ids import AccountId
from kasa.domain.kernel.money import Currency
from kasa.domain.kernel.text import KHMER_DIGITS
from kasa.domain.payments.banks.tables import BANK_NAMES
from kasa.domain.payments.names import letters

BankCode = NewType("BankCode", str)

NAME_LETTERS_MIN = 4
NAMES_LIMIT = 20
NUMBER_DIGITS_MIN = 6
NUMBER_DIGITS_MAX = 20
BAKONG_ID_MAX = 32
"""As many signs as a KHQR code has place for."""

_BAKONG_ID = re.compile(r"[!-?A-~]+@[!-?A-~]+")


class BankUnknown(Invalid):
    """kasa does not know this bank; use one of the listed codes."""

    code = "account.unknown_bank"


class NameTooShort(Invalid):
    """An accepted name needs at least 4 letters."""

    code = "account.name_too_short"


class AccountNumberInvalid(Invalid):
    """An account number has 6 to 20 digits."""

    code = "account.number_invalid"


class BakongIdInvalid(Invalid):
    """A Bakong id looks like shop@bank, in at most 32 Latin signs."""

    code = "account.bakong_invalid"


class AccountTaken(Conflict):
    """This account of this bank and currency is in use already."""

    code = "account.taken"


class NoNewName(Conflict):
    """This payment shows no new name of one of your accounts."""

    code = "account.no_new_name"


class TooManyNames(Invalid):
    """An account has at most 20 accepted names."""

    code = "account.too_many_names"


BANKS: dict[str, tuple[str, ...]] = {
    "ABA": ("ABA BANK", "ADVANCED BANK OF ASIA", "ABA PAY"),
    "ACLEDA": ("ACLEDA BANK", "អេស៊ីលីដា", "ធនាគារ អេស៊ីលីដា"),
    "WING": ("WING BANK",),
    "VATTANAC": ("VATTANAC BANK",),
    "PRASAC": ("PRASAC MFI", "KB PRASAC BANK", "KB PRASAC"),
    "PPC": ("PPCBANK", "PPC BANK", "PHNOM PENH COMMERCIAL BANK"),
    "PRINCE": ("PRINCE BANK",),
    "CANADIA": ("CANADIA BANK",),
    "CPB": ("CAMBODIA POST BANK", "CP BANK", "CPBANK"),
    "SATHAPANA": ("SATHAPANA BANK",),
    "AMK": ("AMK MICROFINANCE", "AMK MFI", "AMK MICROFINANCE INSTITUTION"),
    "CHIPMONG": ("CHIP MONG COMMERCIAL BANK", "CHIP MONG BANK", "CHIP MONG"),
    "PHILLIP": ("PHILLIP BANK", "PLB"),
    "HONGLEONG": ("HONG LEONG BANK", "HLB"),
    "CCU": ("CCU COMMERCIAL BANK", "CAMBODIA COMMERCIAL UNION BANK", "CCU BANK"),
    "CHIEF": ("CHIEF COMMERCIAL BANK", "CHIEF BANK"),
    "FTB": ("FOREIGN TRADE BANK", "FOREIGN TRADE BANK OF CAMBODIA"),
    "MAYBANK": ("MAYBANK",),
    "HATTHA": ("HATTHA BANK", "HATTHA KAKSEKAR"),
    "LOLC": ("LOLC",),
    "WOORI": ("WOORI BANK",),
    "SHINHAN": ("SHINHAN BANK",),
    "BRED": ("BRED BANK",),
    "JTRUST": ("J TRUST ROYAL BANK", "J TRUST ROYAL"),
    "SBILYHOUR": ("SBI LY HOUR BANK", "SBI LY HOUR"),
    "TRUEMONEY": ("TRUEMONEY", "TRUE MONEY"),
    "BAKONG": ("BAKONG",),
    **BANK_NAMES,
}
"""Codes of the banks that kasa knows, with the names their receipts print."""

_COMPANY_WORDS = frozenset({"PLC", "LTD", "LIMITED", "CO", "CAMBODIA", "THE"})


def bank_code(text: str) -> BankCode:
    """Return a bank by its code, in any letter case, or raise ``account.unknown_bank``."""
    code = text.strip().upper()
    if code not in BANKS:
        raise BankUnknown(bank=code[:20])
    return BankCode(code)


def printed_bank(text: str) -> BankCode | None:
    """Return the bank that a receipt names, or None when nobody knows it."""
    return _PRINTED.get("".join(bank_words(text)))


def bank_words(text: str) -> tuple[str, ...]:
    """Return the words of a bank's name as they are compared, without those of any company."""
    upper = unicodedata.normalize("NFKC", text).upper()
    kept = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in upper)
    return tuple(word for word in kept.split() if word not in _COMPANY_WORDS)


_PRINTED: dict[str, BankCode] = {
    "".join(bank_words(printed)): BankCode(code)
    for code, names in BANKS.items()
    for printed in (code, *names)
}


def account_digits(text: str) -> str:
    """Return an account number as digits, or raise ``account.number_invalid``."""
    digits = re.sub(r"[\s\-.]", "", text.translate(KHMER_DIGITS))
    if not re.fullmatch(f"[0-9]{{{NUMBER_DIGITS_MIN},{NUMBER_DIGITS_MAX}}}", digits):
        raise AccountNumberInvalid
    return digits


def bakong_id(text: str) -> str:
    """Return the id that a KHQR code names, empty for none, or raise ``account.bakong_invalid``."""
    wanted = text.strip()
    if wanted and (len(wanted) > BAKONG_ID_MAX or not _BAKONG_ID.fullmatch(wanted)):
        raise BakongIdInvalid(limit=BAKONG_ID_MAX)
    return wanted


@attrs.frozen
class AcceptedName:
    """A name that receipts print for an account, as the owner typed it."""

    text: str

    def __attrs_post_init__(self) -> None:
        if len(letters(self.text)) < NAME_LETTERS_MIN:
            raise NameTooShort(letters_min=NAME_LETTERS_MIN)


@attrs.frozen(kw_only=True)
class AcceptedAccount:
    """What is compared with a receipt's receiver; an empty ``number`` is compared by name only."""

    bank: BankCode
    number: str = ""
    names: tuple[str, ...] = ()
    short_name_alone: bool = False


@attrs.frozen(kw_only=True)
class ReceivingAccount:
    """An account of the shop; ``tag`` and the texts beside it are copied from its own QR.

    ``printed_qr`` tells that a printed QR of it is in use. ``short_name_alone`` lets a name of 4 or
    5 letters prove the receiver by itself, after a warning.
    """

    id: AccountId
    bank: BankCode
    number: str = attrs.field(converter=account_digits)
    names: tuple[AcceptedName, ...]
    currency: Currency
    bakong_id: str = ""
    account_info: str = ""
    tag: str = "29"
    merchant_id: str = ""
    city: str = "Phnom Penh"
    printed_qr: bool = False
    short_name_alone: bool = False
    archived_at: datetime | None = None
    version: int = 1

    def __attrs_post_init__(self) -> None:
        if len(self.names) > NAMES_LIMIT:
            raise TooManyNames(limit=NAMES_LIMIT)

    @property
    def accepted(self) -> AcceptedAccount:
        """What a receipt is compared with."""
        return AcceptedAccount(
            bank=self.bank,
            number=self.number,
            names=tuple(name.text for name in self.names),
            short_name_alone=self.short_name_alone,
        )

    def is_same(self, other: "ReceivingAccount") -> bool:
        """Whether it is the same account at the same bank in the same currency."""
        mine, theirs = (self.bank, self.number), (other.bank, other.number)
        return mine == theirs and self.currency == other.currency

    def named(
        self, names: tuple[AcceptedName, ...], *, short_name_alone: bool
    ) -> "ReceivingAccount":
        """Return it with other accepted names and the next version."""
        return attrs.evolve(
            self, names=names, short_name_alone=short_name_alone, version=self.version + 1
        )

    def archived(self, at: datetime) -> "ReceivingAccount":
        """Return it out of use from a moment on."""
        return attrs.evolve(self, archived_at=at, version=self.version + 1)
