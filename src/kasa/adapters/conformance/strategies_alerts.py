"""Bank alerts of every wording, printed from drawn facts, for property tests."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import attrs
from hypothesis import strategies as st

from kasa.domain.kernel.moments import zone
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.alerts.patterns import PAYWAY_APV, tokens_of
from kasa.domain.payments.banks.shapes import AlertGrammar
from kasa.domain.payments.banks.tables import ALERTS, BANK_ZONE
from kasa.domain.payments.evidence import Precision
from kasa.domain.payments.receipts.printed_dates import ENGLISH_MONTHS, KHMER_MONTHS

ALERT_RECEIVED_AT = datetime(2026, 9, 14, 3, 22, 29, tzinfo=UTC)
KHMER = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
_NAMES = (
    "DARA SOK",
    "CHEA, BOPHA",
    "សុខ ដារ៉ា",
    "KASA & SONS CO., LTD.",
    "24 Hours Mart No. 7",
    "Kasa (Riverside)",
    "ហាង កាសា ១២៣",
    "S.CHAN",
    "O'Neil",
)
_BANKS = ("ABA Bank", "Wing Bank (Cambodia) Plc", "ACLEDA Bank Plc.", "BLCBKHPPXXX")
_REMARKS = ("INV-2026-0107", "lunch, paid in full (2 plates).", "ទឹកដោះគោ ២ កំប៉ុង", "a b c")


@attrs.frozen(kw_only=True)
class PrintedAlert:
    """A message as a bank prints it, and the facts that it was made from."""

    grammar: AlertGrammar
    text: str
    amount: Money
    paid_at: datetime
    precision: Precision
    payer: str
    shop: str | None
    remark: str
    references: Mapping[str, str]


_IDS: Mapping[str, Callable[[datetime, int], str]] = {
    "payway.trx": lambda at, no: f"{int(at.timestamp())}{no % 10**5:05d}",
    PAYWAY_APV: lambda _, no: f"{no % 10**6:06d}",
    "acleda.ref": lambda at, no: f"{at.year % 10}{_day_of_year(at)}{no % 10**7:07d}",
    "plb.ref": lambda _, no: f"{no % 10**5:05d}",
    "canadia.ft": lambda at, no: f"FT{at.year % 100}{_day_of_year(at)}Q{no % 10**4:04d}",
    "cp.trx": lambda at, no: f"CP{at.year % 100}{_day_of_year(at)}{no % 10**5:05d}",
    "vattanac.trx": lambda at, no: f"001FTRA{at.year % 100}{_day_of_year(at)}{no % 10**4:04d}",
    "sathapana.trx": lambda at, no: f"099QORT{at.year % 100}{_day_of_year(at)}{no % 10**4:04d}",
    "amk.trx": lambda at, no: f"{int(at.timestamp())}{no % 10**7:07d}",
    "prince.ref": lambda _, no: f"{no % 10**9:09d}",
    "bakong.hash8": lambda _, no: f"{no * 2654435761 % 2**32:08x}",
}


def _day_of_year(at: datetime) -> str:
    return f"{at.timetuple().tm_yday:03d}"


@st.composite
def printed_alerts(
    draw: st.DrawFn, families: tuple[str, ...] = tuple(grammar.family for grammar in ALERTS)
) -> PrintedAlert:
    """Draw a message of one of some wordings, with the facts in it."""
    family = draw(st.sampled_from(families))
    grammar = next(one for one in ALERTS if one.family == family)
    template = draw(st.sampled_from(grammar.templates))
    names = st.sampled_from(_NAMES)
    fields = {token.field for token in tokens_of(template)}
    local = _moment(draw, seconds="second" in fields)
    amount = Money(draw(st.integers(1, 99_999_999)), draw(st.sampled_from((KHR, USD))))
    khmer = draw(st.booleans()) and "month_km" in fields
    printed = _values(local, amount, khmer=khmer, halves=bool(fields & {"half", "half_km"}))
    ids = {
        name: make(local, draw(st.integers(0, 10**9)))
        for name, make in _IDS.items()
        if name in fields
    }
    texts = {
        "payer": draw(names),
        "shop": draw(names),
        "bank": draw(st.sampled_from(_BANKS)),
        "remark": draw(st.sampled_from(_REMARKS)),
        "bill": draw(st.sampled_from(_REMARKS)),
    }
    values = printed | ids | texts | _FIXED | {"bank_in": texts["bank"]}
    values |= {"bank_word": texts["bank"], "bank_slash": texts["bank"]}
    values |= dict.fromkeys(("bold", "/bold"), draw(st.sampled_from(("", "**"))))
    return PrintedAlert(
        grammar=grammar,
        text="".join(token.text or values[token.field] for token in tokens_of(template)),
        amount=amount,
        paid_at=local.astimezone(UTC),
        precision=Precision.SECOND if "second" in fields else Precision.MINUTE,
        payer=texts["payer"],
        shop=texts["shop"] if "shop" in fields else None,
        remark=texts["remark"] if "remark" in fields else "",
        references=ids,
    )


def _moment(draw: st.DrawFn, *, seconds: bool) -> datetime:
    since = draw(st.timedeltas(timedelta(), timedelta(days=300)))
    at = (ALERT_RECEIVED_AT - since).astimezone(zone(BANK_ZONE))
    return at.replace(microsecond=0, second=at.second if seconds else 0)


_FIXED: dict[str, str] = {
    "tail": "467",
    "masked": "002XXXXXXXX4410",
    "phone": "012 000 111",
    "wallet": "abaakhppxxx@abaa",
    "channel": "ABA KHQR (Wing Bank (Cambodia) Plc)",
    "spaces": "  ",
    "padding": " " * 20,
    "digits": "0000011034",
    "shop_id": "12000000",
    "counter": "Counter 1",
    "cashier": "-",
    "dot": ".",
    "khan": "។",
}


def _values(at: datetime, amount: Money, *, khmer: bool, halves: bool) -> dict[str, str]:
    whole, _, cents = amount.text.partition(".")
    number = f"{int(whole):,}" + (f".{cents}" if cents else "")
    hour = (at.hour % 12 or 12) if halves else at.hour
    clock = {"hour": f"{hour:02d}", "half": f"{at:%p}", "half_km": "ព្រឹក"}
    if at.hour >= 12:
        clock["half_km"] = "ល្ងាច"
    digits = {
        "amount": number,
        "day": f"{at.day:02d}",
        "month_no": f"{at.month:02d}",
        "year": str(at.year),
        "year_short": f"{at.year % 100:02d}",
        "minute": f"{at.minute:02d}",
        "second": f"{at.second:02d}",
        **clock,
    }
    if khmer:
        digits = {name: text.translate(KHMER) for name, text in digits.items()}
    return digits | {
        "sign": "៛" if amount.currency == KHR else "$",
        "code": amount.currency.code,
        "word": "រៀល" if amount.currency == KHR else "ដុល្លារ",
        "month": ENGLISH_MONTHS[at.month - 1][:3].title(),
        "month_km": KHMER_MONTHS[at.month - 1],
    }
