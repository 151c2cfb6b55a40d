"""Templates of bank alerts, compiled to patterns that take linear time on any text.

Literal text is fixed, every field is bounded, and a field of free text is atomic: it ends where
what follows it in the template, up to the next free text, first fits, and is never tried longer;
a name before the last full stop ends at the last one.
So nothing is tried twice, and a message that holds a second alert behind the first is no match.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

import attrs

from kasa.domain.payments.banks.shapes import AlertGrammar
from kasa.domain.payments.references import FORMS

PAYWAY_APV = "payway.apv"
NAME_LENGTH_MAX = 120
TEXT_LENGTH_MAX = 300
_ANY = r"[^\x00-\x1f\x7f\x85\u2028\u2029]"
_NAME = r"[^\x00-\x1f\x7f\x85\u2028\u2029*]"
_DIGIT = "[0-9០-៩]"
_IN_BRACKETS = r"[^()\n]{1,80}(?:\([^()\n]{1,60}\)[^()\n]{0,60})?"

FREE: Mapping[str, str] = {
    **dict.fromkeys(
        ("payer", "shop", "bank", "counter", "cashier"), rf"{_NAME}){{1,{NAME_LENGTH_MAX}}}"
    ),
    **dict.fromkeys(("remark", "bill"), rf"{_ANY}){{0,{TEXT_LENGTH_MAX}}}"),
}
"""Fields of free text, each the end of a group that is opened by what must not follow it."""

FIELDS: Mapping[str, str] = {
    "amount": rf"{_DIGIT}[0-9០-៩.,]{{0,19}}",
    "sign": "[$៛]",
    "code": "KHR|USD",
    "word": "រៀល|ដុល្លារ",
    "tail": r"[^\s()*]{3,4}",
    "masked": r"[0-9Xx*•]{6,24}",
    "phone": r"(?:\+?855 ?[0-9]{2}|[0-9*Xx]{3})(?: ?[0-9*Xx]{3}){2}[0-9*Xx]?",
    "wallet": r"[0-9A-Za-z_@.\-]{1,60}",
    "channel": rf"ABA PAY|ABA KHQR(?: \({_IN_BRACKETS}\))?",
    "bank_in": _IN_BRACKETS,
    "bank_word": r"[^,*\n]{1,80}",
    "bank_slash": r"[^/*\n]{1,80}",
    "day": rf"{_DIGIT}{{1,2}}",
    "month": "[A-Za-z]{3,9}",
    "month_km": "[\u1780-\u17d3]{3,12}",
    "month_no": rf"{_DIGIT}{{1,2}}",
    "year": rf"{_DIGIT}{{4}}",
    "year_short": rf"{_DIGIT}{{2}}",
    "hour": rf"{_DIGIT}{{1,2}}",
    "minute": rf"{_DIGIT}{{2}}",
    "second": rf"{_DIGIT}{{2}}",
    "half": "[AaPp][Mm]",
    "half_km": "ព្រឹក|ល្ងាច",
    "spaces": " {1,8}",
    "padding": " {0,80}",
    "digits": "[0-9]{1,20}",
    "shop_id": r"[0-9A-Za-z\-]{1,20}",
    "dot": r"\.?",
    "khan": "។?",
    PAYWAY_APV: "[0-9]{6}",
}
"""Fields of a known form; a field with a point is the id of that scheme."""

FULL_STOPS = frozenset({".", "។"})
END = r"\s*\Z"
_PIECE = re.compile(r"\{(/?[a-z_0-9.]+)\}")


@attrs.frozen
class Token:
    """A piece of a template: literal text, or the name of a field."""

    text: str = ""
    field: str = ""

    @property
    def is_free(self) -> bool:
        """Whether it is a field of free text."""
        return self.field in FREE


def matched(grammar: AlertGrammar, text: str) -> Mapping[str, str] | None:
    """Return the fields of a message that has the shape of a grammar, or None.

    White space behind the message is ignored, nothing else is. Values are as printed.
    """
    for template in grammar.templates:
        found = pattern(template).fullmatch(text)
        if found is not None:
            values = found.groupdict(default="")
            return {name.replace("__", "."): value.strip() for name, value in values.items()}
    return None


@lru_cache(maxsize=64)
def pattern(template: str) -> re.Pattern[str]:
    """Return the compiled pattern of a template; a template that cannot be one is a bug."""
    tokens = tuple(tokens_of(template))
    made, bold = "", 0
    for place, token in enumerate(tokens):
        if token.field == "bold":
            bold += 1
            made += rf"(?P<bold{bold}>\*\*)?"
        elif token.is_free:
            made += _free(token, tokens[place + 1 :], bold)
        else:
            made += _fixed(token, bold, named=True)
    return re.compile(made + END)


def tokens_of(template: str) -> Iterator[Token]:
    """Return the pieces of a template in order."""
    parts = _PIECE.split(unicodedata.normalize("NFC", template))
    for place, part in enumerate(parts):
        if place % 2:
            yield Token(field=part)
        elif part:
            yield Token(text=part)


def _free(token: Token, rest: tuple[Token, ...], bold: int) -> str:
    """Return a field of free text, up to where what follows it first fits."""
    following = ""
    for after in rest:
        if after.is_free or after.field == "bold":
            break
        following += _fixed(after, bold, named=False)
    if rest and not following:
        raise ValueError(f"nothing tells where {token.field} ends")
    if len(rest) == 1 and rest[0].text in FULL_STOPS:
        following += END
    stop = f"(?!{following})" if following else ""
    body = f"(?>(?:{stop}{FREE[token.field]})"
    lead = "" if token.field in {"remark", "bill"} else r"(?=\S)"
    return f"(?P<{token.field}>{lead}{body})"


def _fixed(token: Token, bold: int, *, named: bool) -> str:
    """Return literal text, or a field of a known form; ``named`` ones are kept."""
    if token.text:
        return re.escape(token.text)
    if token.field == "/bold":
        return rf"(?(bold{bold})\*\*)"
    form = FIELDS.get(token.field) or FORMS[token.field].pattern
    if token.field == "bakong.hash8":
        form = "[0-9a-fA-F]{8}"
    name = token.field.replace(".", "__")
    return f"(?P<{name}>{form})" if named else f"(?:{form})"
