"""Words in memory: English only, whatever the language asked for."""

from collections.abc import Mapping
from datetime import date, datetime

from kasa.application.ports.phrasing import (
    count_of,
    filled,
    fitting,
    khmer_digits,
    money_text,
    parse_money_text,
)
from kasa.application.ports.sentences import reason_sentences
from kasa.application.ports.wording import Audience, Language
from kasa.domain.kernel.moments import utc, zone
from kasa.domain.kernel.money import Currency, Money

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class EnglishWording:
    """Says everything in English."""

    def sentence(
        self,
        message: str,
        language: Language,  # noqa: ARG002 # English is all it knows
        values: Mapping[str, object] | None = None,
    ) -> str:
        """Return a message with its values put in."""
        return filled(message, values or {}, self._say)

    def counted(
        self,
        messages: tuple[str, str],
        number: int,
        language: Language,
        values: Mapping[str, object] | None = None,
    ) -> str:
        """Return the singular for 1, else the plural."""
        known = {**(values or {}), "n": number}
        return self.sentence(messages[number != 1], language, known)

    def reason(
        self,
        code: str,
        audience: Audience,
        language: Language,
        values: Mapping[str, object] | None = None,
    ) -> str:
        """Return what a reason code says to somebody."""
        found = reason_sentences(code)
        said = found.merchant if audience is Audience.MERCHANT else found.customer
        chosen, known = fitting(said, values or {}), values or {}
        if isinstance(chosen, str):
            return self.sentence(chosen, language, values)
        return self.counted(chosen, count_of(known), language, values)

    def money(self, amount: Money, language: Language, *, khmer_digits: bool = False) -> str:
        """Return an amount with its sign, grouped."""
        return _digits(money_text(amount), language, khmer=khmer_digits)

    def parse_money(self, text: str, unit: Currency, language: Language) -> Money:  # noqa: ARG002 # written alike in every language
        """Read what ``money`` wrote."""
        return parse_money_text(text, unit)

    def day(self, on: date, language: Language, *, numeric: bool = False) -> str:  # noqa: ARG002 # English is all it knows
        """Return a calendar day."""
        words = f"{on.day} {_MONTHS[on.month - 1]} {on.year}"
        return f"{on.day:02d}/{on.month:02d}/{on.year:04d}" if numeric else words

    def moment(self, at: datetime, zone_name: str, language: Language) -> str:
        """Return a moment in a time zone, to the minute."""
        local = utc(at).astimezone(zone(zone_name))
        return f"{self.day(local.date(), language)}, {local.hour:02d}:{local.minute:02d}"

    def _say(self, value: object) -> str:
        if isinstance(value, Money):
            return money_text(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return self.day(value, Language.ENGLISH)
        return str(value)


def _digits(text: str, language: Language, *, khmer: bool) -> str:
    return khmer_digits(text) if khmer and language is Language.KHMER else text
