"""Words in English and Khmer, which needs the extra `words`.

Sentences come from gettext catalogues that are compiled in memory; money has its own patterns,
because Babel's data gives the riel two decimals.
"""

import gettext
import io
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

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

LOCALES = {Language.ENGLISH: "en", Language.KHMER: "km_KH"}
ZERO_WIDTH_SPACE = "\u200b"


def catalogue(language: Language) -> Catalog:
    """Return the catalogue of a language as it stands in the package; English is the template."""
    folder = files("kasa.adapters.babel") / "catalogues"
    named = {Language.KHMER: folder / "km" / "LC_MESSAGES" / "kasa.po"}
    data = named.get(language, folder / "kasa.pot").read_bytes()
    return read_po(io.BytesIO(data), locale=LOCALES[language], abort_invalid=True)


@lru_cache(maxsize=len(Language))
def _translations(language: Language) -> gettext.NullTranslations:
    if language is Language.ENGLISH:
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class BabelWording:
    """Says things in English and Khmer."""

    def sentence(
        self, message: str, language: Language, values: Mapping[str, object] | None = None
    ) -> str:
        """Return a message in a language with its values put in."""
        said = _translations(language).gettext(message) if message else ""
        return filled(said, values or {}, lambda value: self._say(value, language))

    def counted(
        self,
        messages: tuple[str, str],
        number: int,
        language: Language,
        values: Mapping[str, object] | None = None,
    ) -> str:
        """Return the form that fits a number; Khmer has one for all."""
        said = _translations(language).ngettext(*messages, number)
        known = {**(values or {}), "n": number}
        return filled(said, known, lambda value: self._say(value, language))

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
        """Return an amount with its sign, grouped; Khmer digits only in Khmer."""
        return _digits(money_text(amount), language, khmer=khmer_digits)

    def parse_money(self, text: str, unit: Currency, language: Language) -> Money:  # noqa: ARG002 # written alike in every language
        """Read what ``money`` wrote."""
        return parse_money_text(text, unit)

    def day(self, on: date, language: Language, *, numeric: bool = False) -> str:
        """Return a calendar day, its month in words or, for documents, all in digits."""
        if numeric:
            return f"{on.day:02d}/{on.month:02d}/{on.year:04d}"
        return format_date(on, "d MMMM y", locale=LOCALES[language]).replace(ZERO_WIDTH_SPACE, "")

    def moment(self, at: datetime, zone_name: str, language: Language) -> str:
        """Return a moment in a time zone, to the minute."""
        local = utc(at).astimezone(zone(zone_name))
        return f"{self.day(local.date(), language)}, {local.hour:02d}:{local.minute:02d}"

    def _say(self, value: object, language: Language) -> str:
        if isinstance(value, Money):
            return self.money(value, language)
        if isinstance(value, date) and not isinstance(value, datetime):
            return self.day(value, language)
        return str(value)


def _digits(text: str, language: Language, *, khmer: bool) -> str:
    return khmer_digits(text) if khmer and language is Language.KHMER else text
