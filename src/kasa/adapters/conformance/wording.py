"""What every adapter of words has to do."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.application.ports.wording import Audience, Language, Wording
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import CURRENCIES, EUR, KHR, MINOR_LIMIT, PLN, USD, Currency, Money

LANGUAGES = st.sampled_from(Language)
AMOUNTS = st.builds(
    Money,
    st.integers(min_value=1 - MINOR_LIMIT, max_value=MINOR_LIMIT - 1),
    st.sampled_from(list(CURRENCIES.values())),
)


class WordingConformance:
    """The rules of ``ports.wording.Wording``; a subclass makes the words."""

    def make_ports(self) -> Wording:
        """Return the words under test."""
        raise NotImplementedError

    def test_money_reads_back(self) -> None:
        """What is written is read as the same amount, in every currency and language."""
        wording = self.make_ports()

        @given(amount=AMOUNTS, language=LANGUAGES, khmer=st.booleans())
        def check(amount: Money, language: Language, *, khmer: bool) -> None:
            text = wording.money(amount, language, khmer_digits=khmer)
            assert wording.parse_money(text, amount.currency, language) == amount

        check()

    @pytest.mark.parametrize("language", Language)
    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            (Money(40_000, KHR), "40,000៛"),
            (Money(-5_000, KHR), "-5,000៛"),
            (Money(123_450, USD), "$1,234.50"),
            (Money(-500, USD), "-$5.00"),
            (Money(123_450, EUR), "€1,234.50"),
            (Money(123_450, PLN), "PLN 1,234.50"),
            (Money(0, KHR), "0៛"),
        ],
    )
    def test_money_is_written(self, amount: Money, text: str, language: Language) -> None:
        """Each currency has one pattern, the same in both languages."""
        assert self.make_ports().money(amount, language) == text

    @pytest.mark.parametrize(
        ("text", "unit"),
        [
            ("1,00", USD),
            ("40.000៛", KHR),
            ("$5", KHR),
            ("៛5", KHR),
            ("1e3", USD),
            ("NaN", USD),
            ("", KHR),
            ("--5", KHR),
            ("1.234", USD),
            ("1_000", KHR),
        ],
    )
    def test_other_text_is_no_money(self, text: str, unit: Currency) -> None:
        """Anything else is refused with a code of money."""
        with pytest.raises(Invalid) as refused:
            self.make_ports().parse_money(text, unit, Language.ENGLISH)
        assert refused.value.code.startswith("money.")

    def test_values_are_put_in(self) -> None:
        """Values of a sentence are said as people say them; what is missing stays visible."""
        wording = self.make_ports()
        said = wording.sentence(
            "{seen} on {date} for {number}, {gone}",
            Language.ENGLISH,
            {"seen": Money(40_000, KHR), "date": date(2026, 11, 20), "number": "INV-{seen}"},
        )
        assert said == "40,000៛ on 20 November 2026 for INV-{seen}, {gone}"

    def test_counting(self) -> None:
        """One thing is said in the singular, others in the plural."""
        wording, forms = self.make_ports(), ("{n} invoice", "{n} invoices")
        said = [wording.counted(forms, number, Language.ENGLISH) for number in (0, 1, 2)]
        assert said == ["0 invoices", "1 invoice", "2 invoices"]

    @pytest.mark.parametrize("language", Language)
    def test_customers_never_learn_a_suspicion(self, language: Language) -> None:
        """Of every suspicion a customer reads the same sentence, the merchant another."""
        wording = self.make_ports()
        suspicions = ("near_duplicate", "seen_elsewhere", "own_transfer", "stale", "unknown_code")
        said = {wording.reason(code, Audience.CUSTOMER, language) for code in suspicions}
        told = {wording.reason(code, Audience.MERCHANT, language) for code in suspicions}
        assert (len(said), len(told)) == (1, len(suspicions))
        assert "" not in said | told

    def test_reasons_use_what_is_known(self) -> None:
        """With all values a reason says more than without, and never shows an empty place."""
        wording, english = self.make_ports(), Language.ENGLISH
        values = {"seen": Money(9, KHR), "expected": Money(10, KHR), "gap": Money(1, KHR)}
        full = wording.reason("amount_under", Audience.MERCHANT, english, values)
        plain = wording.reason("amount_under", Audience.MERCHANT, english)
        assert full == "9៛ was paid, 10៛ is due: 1៛ too little."
        assert plain == "Less was paid than is due."
        assert wording.reason("not_final:failed", Audience.MERCHANT, english) != wording.reason(
            "not_final:other", Audience.MERCHANT, english
        )
        assert wording.reason("amount_match", Audience.CUSTOMER, english) == ""

    def test_numeric_days(self) -> None:
        """On documents a day is day, month and year, in Latin digits."""
        wording = self.make_ports()

        @given(on=st.dates(date(1900, 1, 1), date(2200, 1, 1)), language=LANGUAGES)
        def check(on: date, language: Language) -> None:
            said = wording.day(on, language, numeric=True)
            assert said == f"{on.day:02d}/{on.month:02d}/{on.year}"

        check()

    @pytest.mark.parametrize("language", Language)
    def test_moments_are_local(self, language: Language) -> None:
        """A moment is said in its zone, to the minute, without invisible characters."""
        at = datetime(2026, 11, 19, 17, 4, 59, tzinfo=UTC)
        said = self.make_ports().moment(at, "Asia/Phnom_Penh", language)
        assert said.startswith("20 ")
        assert said.endswith("00:04")
        assert "\u200b" not in said
