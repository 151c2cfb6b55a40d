"""What happened: one invented transfer, and the invoice that asks for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

import attrs

from kasa.domain.kernel.moments import zone
from kasa.domain.kernel.money import KHR, USD, Money

ZONE = "Asia/Phnom_Penh"
RATES = (4_000, 4_015, 4_050, 4_100)
_FIRST = (
    *("SOKUN", "DARITH", "VEASNARA", "MALINDA", "RATHANAK", "BOPHANY", "SEREYROTH", "KUNTHEARY"),
    *("PISALEAK", "CHANMONY", "THEAVY", "NARINDRA", "LEAKENA", "PUTHEARITH", "SOMALY", "VICHEKA"),
    *("MARADY", "KANHARITH", "SOTHEAVUTH", "RAKSMEY"),
)
_LAST = (
    *("NIMOL", "PROVA", "EXEMPA", "FALSO", "MODELA", "ANONA", "NEMO", "FIKTIVA", "KEIN", "ALGUN"),
    *("NOBADY", "PRUEBA", "ESEMPIA", "VOORBEL", "PRIKLAD", "TESTEN", "MUSTER", "OUTIS"),
)
_SHOPS = (
    *("BLUE HERON BAKERY", "SAMPLE NOODLE HOUSE", "PAPER LANTERN BOOKS", "GREEN MANGO MART"),
    *("TINY FERRY CAFE", "OLD BRIDGE HARDWARE", "RIVERSIDE BIKE REPAIR", "THREE PALMS PHARMACY"),
    *("SILVER NEEDLE TAILOR", "HAPPY GECKO TRAVEL", "QUIET CORNER DENTAL", "NORTH GATE STATIONERY"),
    *("LUCKY KITE TOYS", "RED CLAY POTTERY", "MORNING RICE SHOP", "COCONUT PRINT STUDIO"),
)
_BANK_NAMES = {
    "ABA": ("ABA Bank", "ADVANCED BANK OF ASIA LIMITED"),
    "ACLEDA": ("ACLEDA Bank Plc.", "ACLEDA Bank"),
    "WING": ("Wing Bank", "WING BANK (CAMBODIA) PLC"),
}


@attrs.frozen(kw_only=True)
class Payee:
    """A shop or person with every accepted name (the first is the printed one) and one account."""

    names: tuple[str, ...]
    account: str
    bank: str

    @property
    def bank_names(self) -> tuple[str, ...]:
        """How receipts print the bank."""
        return _BANK_NAMES[self.bank]


@attrs.frozen(kw_only=True)
class Transfer:
    """One payment as a screen would show it.

    ``amount`` is the headline in its own currency; ``before_edit`` is what was really paid when a
    forger painted another figure; ``debit`` left the payer's account; ``references`` by scheme;
    ``foreign`` is the sign and code of another country's money.
    """

    amount: Money
    paid_at: datetime
    payee: Payee
    payer_name: str
    payer_account: str
    references: Mapping[str, str]
    outcome: str = "success"
    debit: Money | None = None
    fee: Money | None = None
    remark: str | None = None
    before_edit: Money | None = None
    banner: Money | None = None
    cashback: Money | None = None
    foreign: tuple[str, str] | None = None
    daily_limit: Money | None = None
    balance: Money | None = None
    hides_account: bool = False


@attrs.frozen(kw_only=True)
class Invoice:
    """What is expected, and when it is checked."""

    number: str
    amount: Money
    payee: Payee
    issued_at: datetime
    now: datetime


def local(at: datetime) -> datetime:
    """Return a moment in the banks' zone."""
    return at.astimezone(zone(ZONE))


def person(random: Random) -> str:
    """Return an invented person's name."""
    return f"{random.choice(_LAST)} {random.choice(_FIRST)}"


def account(random: Random, *, digits: int = 9) -> str:
    """Return an invented account number."""
    return "0" + "".join(random.choice("0123456789") for _ in range(digits - 1))


def payee(random: Random) -> Payee:
    """Return somebody who is paid: a shop, a person, or two owners with initials."""
    kind = random.choice(("shop", "shop", "person", "couple", "by"))
    number, bank = account(random), random.choice(("ABA", "ABA", "ABA", "ACLEDA", "WING"))
    one, two = person(random), person(random)
    names: tuple[str, ...] = (random.choice(_SHOPS), one)
    if kind == "person":
        names = (one,)
    if kind == "couple":
        short = f"{_initial(one)} & {_initial(two)}"
        names = (short, short.replace("&", "and"), f"{one} AND {two}")
    if kind == "by":
        last, first = one.split()
        names = (f"{random.choice(_SHOPS)} BY {last[0]}.{first}", one)
    return Payee(names=names, account=number, bank=bank)


def _initial(name: str) -> str:
    last, first = name.split()
    return f"{last} {first[0]}."


def amount(random: Random) -> Money:
    """Return an amount of any magnitude."""
    if random.random() < 0.55:
        power = random.choice((3, 4, 4, 5, 5, 5, 6, 7))
        return Money(random.randrange(10 ** (power - 2), 10 ** (power - 1)) * 100, KHR)
    power = random.choice((2, 3, 3, 4, 4, 5, 6))
    minor = random.randrange(10 ** (power - 1), 10**power)
    return Money(minor if random.random() < 0.7 else max(1, minor // 100) * 100, USD)


def converted(money: Money, random: Random) -> Money:
    """Return what leaves an account in the other currency, at a rate of the day."""
    rate = random.choice(RATES)
    if money.currency == KHR:
        return Money(max(1, money.minor * 100 // rate), USD)
    return Money(money.minor * rate // 100, KHR)


def moment(random: Random) -> datetime:
    """Return when a transfer was made; a minute past midnight and noon occur more often."""
    start = datetime(2026, 1, 5, tzinfo=zone(ZONE))
    at = start + timedelta(minutes=random.randrange(330 * 24 * 60), seconds=random.randrange(60))
    return at if random.random() > 0.08 else at.replace(hour=random.choice((0, 12)))


def invoice(transfer: Transfer, random: Random) -> Invoice:
    """Return the invoice that a transfer pays honestly."""
    issued_at = transfer.paid_at - timedelta(minutes=random.randrange(2, 60 * 40))
    now = transfer.paid_at + timedelta(minutes=random.randrange(2, 60 * 30))
    return Invoice(
        number=f"INV-2026-{random.randrange(1, 99_999):05d}",
        amount=transfer.amount,
        payee=transfer.payee,
        issued_at=issued_at,
        now=now,
    )
