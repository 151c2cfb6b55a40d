"""Words for people: sentences, money and moments, in English and Khmer."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from kasa.domain.kernel.money import Currency, Money


class Language(StrEnum):
    """The languages kasa speaks."""

    ENGLISH = "en"
    KHMER = "km"


class Audience(StrEnum):
    """Who reads a reason: the shop's members, or its customer, who never learns a suspicion."""

    MERCHANT = "merchant"
    CUSTOMER = "customer"


class Wording(Protocol):
    """Says things in a language."""

    def sentence(
        self, message: str, language: Language, values: Mapping[str, object] | None = None
    ) -> str:
        """Return a message in a language with its ``{values}`` put in.

        ``message`` is the English sentence, with its placeholders. One without a translation stays
        English; a placeholder without a value stays as it is, so that a sentence never fails.
        """

    def counted(
        self,
        messages: tuple[str, str],
        number: int,
        language: Language,
        values: Mapping[str, object] | None = None,
    ) -> str:
        """Return the form (English singular, plural) that fits a number; ``{n}`` is the number."""

    def reason(
        self,
        code: str,
        audience: Audience,
        language: Language,
        values: Mapping[str, object] | None = None,
    ) -> str:
        """Return what a reason code (payments.md, section 8) says to somebody.

        Empty when this audience is told nothing. A code with a part after a colon
        (``not_final:failed``) is looked up whole, then without the part. An unknown code is
        returned as it is to the merchant, and kept from the customer.
        """

    def money(self, amount: Money, language: Language, *, khmer_digits: bool = False) -> str:
        """Return an amount with its sign, grouped: ``40,000៛``, ``-$5.00``, ``PLN 1,234.50``."""

    def parse_money(self, text: str, unit: Currency, language: Language) -> Money:
        """Read what ``money`` wrote, or raise ``money.*``; ``parse_money(money(x)) == x``."""

    def day(self, on: date, language: Language, *, numeric: bool = False) -> str:
        """Return a calendar day, in words or, for documents, as ``20/11/2026``."""

    def moment(self, at: datetime, zone_name: str, language: Language) -> str:
        """Return a moment in a time zone, to the minute."""
