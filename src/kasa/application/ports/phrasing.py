"""What every adapter of ``Wording`` does alike: filling placeholders, writing and reading money."""

import re
from collections.abc import Callable, Iterable, Mapping

from kasa.domain.kernel.money import Currency, Money, MoneySyntax
from kasa.domain.kernel.text import KHMER_DIGITS

Sentence = str | tuple[str, str]
"""A message, or its singular and plural where it counts ``{n}`` things."""

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
MONEY_PATTERNS = {"KHR": "{}៛", "USD": "${}", "EUR": "€{}", "GBP": "£{}", "THB": "฿{}"}
"""How an amount stands beside its sign; a currency without a row follows its code."""
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})*(\.[0-9]+)?\Z|[0-9]+(\.[0-9]+)?\Z")
_TO_KHMER = {latin: khmer for khmer, latin in KHMER_DIGITS.items()}


def placeholders(message: str) -> frozenset[str]:
    """Return the names of the values that a message wants."""
    return frozenset(PLACEHOLDER.findall(message))


def filled(message: str, values: Mapping[str, object], say: Callable[[object], str]) -> str:
    """Return a message with its values said; a placeholder without a value stays as it is."""

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        return say(values[name]) if name in values else found.group(0)

    return PLACEHOLDER.sub(value, message)


def forms(sentence: Sentence) -> tuple[str, ...]:
    """Return the message, or its singular and plural."""
    return (sentence,) if isinstance(sentence, str) else sentence


def fitting(messages: Iterable[Sentence], values: Mapping[str, object]) -> Sentence:
    """Return the first message whose values are all there, else the last one."""
    chosen: Sentence = ""
    for chosen in messages:
        if placeholders(forms(chosen)[-1]) <= values.keys():
            break
    return chosen


def count_of(values: Mapping[str, object]) -> int:
    """Return how many things a counting sentence is about; one without a number is plural."""
    number = values.get("n")
    return number if isinstance(number, int) else 0


def khmer_digits(text: str) -> str:
    """Return a text with its digits in Khmer."""
    return text.translate(_TO_KHMER)


def money_text(amount: Money) -> str:
    """Return an amount with its sign, grouped by thousands, always with its decimals."""
    whole, point, decimals = amount.text.removeprefix("-").partition(".")
    sign = "-" if amount.minor < 0 else ""
    return sign + _pattern(amount.currency).format(f"{int(whole):,}{point}{decimals}")


def parse_money_text(text: str, unit: Currency) -> Money:
    """Read what ``money_text`` wrote, in Latin or Khmer digits, or raise ``money.*``.

    The sign of the currency may be missing; thousands are grouped by commas or not at all.
    """
    folded = text.strip().translate(KHMER_DIGITS)
    digits = folded.removeprefix("-")
    before, _, after = _pattern(unit).partition("{}")
    digits = digits.removeprefix(before).removesuffix(after)
    if not _GROUPED.match(digits):
        raise MoneySyntax
    sign = "-" if folded.startswith("-") else ""
    return Money.parse(sign + digits.replace(",", ""), unit)


def _pattern(unit: Currency) -> str:
    return MONEY_PATTERNS.get(unit.code, unit.code + " {}")
