"""Names and account numbers of receivers (payments.md, section 4)."""

import pytest

from kasa.adapters.conformance.receipts import aba_success, alert
from kasa.adapters.conformance.strategies_payments import NAMES, SHOP, read
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, Direction, FieldReading
from kasa.domain.payments.finding import Result
from kasa.domain.payments.recipients import (
    AccountLikeness,
    account_likeness,
    is_own,
    judge_recipient,
)

FULL_NAME = "TESTA SOPHEAKRA AND MOCKA RITHYNA"

ACCOUNTS = [
    ("010 959 385", "010959385", AccountLikeness.EQUAL),
    ("010-959-385", "010959385", AccountLikeness.EQUAL),
    ("(០១០ ៩៥៩ ៣៨៥)", "010959385", AccountLikeness.EQUAL),
    ("010959386", "010959385", AccountLikeness.UNCLEAR),
    ("01095938", "010959385", AccountLikeness.UNCLEAR),
    ("0109593855", "010959385", AccountLikeness.UNCLEAR),
    ("010959396", "010959385", AccountLikeness.DIFFERS),
    ("000", "000333444", AccountLikeness.UNCLEAR),
    ("444", "000333444", AccountLikeness.HELPS),
    ("33444", "000333444", AccountLikeness.HELPS),
    ("333444", "000333444", AccountLikeness.DIFFERS),
    ("012 *** 345", "012888345", AccountLikeness.MASKED),
    ("012***345", "0128888345", AccountLikeness.MASKED),
    ("012 *** 346", "012888345", AccountLikeness.UNCLEAR),
    ("012 *** 356", "012888345", AccountLikeness.DIFFERS),
    ("112 *** 346", "0128888345", AccountLikeness.DIFFERS),
    ("*** 345", "012888345", AccountLikeness.HELPS),
    ("xxxxxx345", "012888345", AccountLikeness.HELPS),
    ("****8345", "012888345", AccountLikeness.HELPS),
    ("*** 344", "012888345", AccountLikeness.UNCLEAR),
    ("*** 254", "012888345", AccountLikeness.DIFFERS),
    ("0128*888345", "012888345", AccountLikeness.DIFFERS),
    ("*45", "012888345", AccountLikeness.ABSENT),
    ("45", "012888345", AccountLikeness.ABSENT),
    ("010959385", "", AccountLikeness.ABSENT),
]


@pytest.mark.parametrize(("printed", "number", "likely"), ACCOUNTS)
def test_account_numbers(printed: str, number: str, likely: AccountLikeness) -> None:
    """All digits, masked ones at their place, one or two that differ; part is never the whole."""
    assert likely is account_likeness(printed, number)


TWICE = {"seen": 2}
SHORT = AcceptedAccount(bank=BankCode("ABA"), number="010959385", names=("DARA",))
SHORT_ALONE = AcceptedAccount(
    bank=BankCode("ABA"), number="010959385", names=("DARA",), short_name_alone=True
)
OTHER = AcceptedAccount(bank=BankCode("ACLEDA"), number="012888345", names=("SOKHA TEXTILES",))
READ = FieldReading[str]
NAME, NUMBER = read(NAMES[0]), read("010 959 385")
FOREIGN, FAR_NUMBER = read("IPSUM SOKHANA", **TWICE), read("092 375 070")

RECIPIENTS: list[tuple[READ, READ, tuple[AcceptedAccount, ...], Result, str, int]] = [
    (NAME, NUMBER, (SHOP,), Result.MATCH, "recipient_match", 20),
    (ABSENT, NUMBER, (SHOP,), Result.MATCH, "recipient_match", 20),
    (NAME, ABSENT, (SHOP,), Result.MATCH, "recipient_match", 15),
    (NAME, read("*** 385"), (SHOP,), Result.MATCH, "recipient_match", 20),
    (ABSENT, read("010 *** 385"), (SHOP,), Result.MATCH, "recipient_match", 15),
    (NAME, read("010 *** 385"), (SHOP,), Result.MATCH, "recipient_match", 20),
    (
        read("TESTA S. AND", cut=True),
        read("010***385"),
        (SHOP,),
        Result.MATCH,
        "recipient_match",
        20,
    ),
    (
        read("TESTA S. AND", cut=True),
        read("*** 385"),
        (SHOP,),
        Result.UNREADABLE,
        "recipient_unreadable",
        0,
    ),
    (read("TESTA S. AND", cut=True), ABSENT, (SHOP,), Result.UNREADABLE, "recipient_unreadable", 0),
    (ABSENT, read("*** 385"), (SHOP,), Result.UNREADABLE, "recipient_unreadable", 0),
    (ABSENT, ABSENT, (SHOP,), Result.UNREADABLE, "recipient_unreadable", 0),
    (NAME, read("010 959 386"), (SHOP,), Result.UNREADABLE, "account_unclear", 0),
    (NAME, FAR_NUMBER, (SHOP,), Result.UNREADABLE, "recipient_conflict", 0),
    (FOREIGN, FAR_NUMBER, (SHOP,), Result.DIFFERS, "recipient_differs", 0),
    (ABSENT, FAR_NUMBER, (SHOP,), Result.DIFFERS, "recipient_differs", 0),
    (
        read("TEXTA SOPHEAKRA AND MOCKA RITHYNA"),
        FAR_NUMBER,
        (SHOP,),
        Result.UNREADABLE,
        "recipient_unreadable",
        0,
    ),
    (FOREIGN, ABSENT, (SHOP,), Result.DIFFERS, "recipient_differs", 0),
    (read("IPSUM SOKHANA"), ABSENT, (SHOP,), Result.UNREADABLE, "recipient_unreadable", 0),
    (read("IPSUM SOKHANA", engines=2), ABSENT, (SHOP,), Result.DIFFERS, "recipient_differs", 0),
    (
        read("IPSUM SOKHANA", labelled=False, **TWICE),
        ABSENT,
        (SHOP,),
        Result.UNREADABLE,
        "recipient_unreadable",
        0,
    ),
    (
        read("IPSUM SOKHANA", cut=True, **TWICE),
        ABSENT,
        (SHOP,),
        Result.UNREADABLE,
        "recipient_unreadable",
        0,
    ),
    (read("សុខ ដារ៉ា", **TWICE), ABSENT, (SHOP,), Result.UNREADABLE, "recipient_unreadable", 0),
    (FOREIGN, read("*** 385"), (SHOP,), Result.UNREADABLE, "recipient_unreadable", 0),
    (FOREIGN, NUMBER, (SHOP,), Result.MATCH, "recipient_match", 20),
    (
        read(NAMES[0]),
        ABSENT,
        (AcceptedAccount(bank=BankCode("ABA"), names=(FULL_NAME,)),),
        Result.UNREADABLE,
        "recipient_initials_only",
        0,
    ),
    (read("DARA"), ABSENT, (SHORT,), Result.UNREADABLE, "recipient_unreadable", 0),
    (read("DARA"), read("*** 385"), (SHORT,), Result.MATCH, "recipient_match", 20),
    (read("DARA"), ABSENT, (SHORT_ALONE,), Result.MATCH, "recipient_match", 15),
    (read("DARA"), FAR_NUMBER, (SHORT_ALONE,), Result.UNREADABLE, "recipient_conflict", 0),
    (NAME, NUMBER, (OTHER, SHOP), Result.MATCH, "recipient_match", 20),
    (NAME, read("012 888 345"), (SHOP, OTHER), Result.MATCH, "recipient_match", 20),
    (FOREIGN, FAR_NUMBER, (SHOP, OTHER), Result.DIFFERS, "recipient_differs", 0),
    (FOREIGN, read("010 959 386"), (SHOP, OTHER), Result.UNREADABLE, "account_unclear", 0),
    (NAME, NUMBER, (), Result.UNREADABLE, "no_recipient_configured", 0),
]


@pytest.mark.parametrize(("name", "number", "accounts", "result", "code", "points"), RECIPIENTS)
def test_account_and_name_together(
    name: READ,
    number: READ,
    accounts: tuple[AcceptedAccount, ...],
    result: Result,
    code: str,
    points: int,
) -> None:
    """The best account wins; a number that differs outweighs a name that agrees."""
    seen = aba_success(recipient_name=name, recipient_account=number)
    finding = judge_recipient(seen, accounts)
    assert (result, code, points) == (finding.result, finding.code, finding.points)


def test_a_new_spelling_is_noted() -> None:
    """A matching number with a name nobody registered says so; a known name does not."""
    new = judge_recipient(aba_success(recipient_name=FOREIGN, recipient_account=NUMBER), (SHOP,))
    known = judge_recipient(aba_success(recipient_account=NUMBER), (SHOP,))
    silent = judge_recipient(
        aba_success(recipient_name=ABSENT, recipient_account=NUMBER), (SHOP, OTHER)
    )
    assert ["recipient_name_new"] == list(new.notes)
    assert [] == list(known.notes) == list(silent.notes)
    assert f"{NAMES[0]} 010 959 385" == known.seen
    assert known.expected == " / ".join(sorted(NAMES))


def test_a_received_card_needs_its_printed_account() -> None:
    """The payee of a received card is the phone's owner: its name proves nothing."""
    received = read(Direction.RECEIVED)
    by_name = judge_recipient(aba_success(direction=received), (SHOP,))
    by_number = judge_recipient(aba_success(direction=received, recipient_account=NUMBER), (SHOP,))
    assert (Result.UNREADABLE, Result.MATCH) == (by_name.result, by_number.result)


ALERT_SHOPS = [
    (read(NAMES[0]), Result.MATCH),
    (read(f"{NAMES[0]} 010959385"), Result.MATCH),
    (read(f"{NAMES[0]} (010 959 385)"), Result.MATCH),
    (ABSENT, Result.MATCH),
    (read("IPSUM SOKHANA"), Result.UNREADABLE),
    (read("TESTA S. AND"), Result.UNREADABLE),
    (UNREADABLE, Result.UNREADABLE),
]


@pytest.mark.parametrize(("shop", "result"), ALERT_SHOPS)
def test_a_bound_alert_names_the_shop(shop: READ, result: Result) -> None:
    """A bound alert proves the receiver by its shop, or by a shape without one."""
    finding = judge_recipient(alert(recipient_name=shop), (SHOP,))
    assert (result, 20 if result is Result.MATCH else 0) == (finding.result, finding.points)


@pytest.mark.parametrize(
    ("name", "number", "own"),
    [
        (read("IPSUM SOKHANA"), read("000 146 564"), False),
        (read(NAMES[1]), ABSENT, True),
        (ABSENT, NUMBER, True),
        (ABSENT, read("010 *** 385"), True),
        (ABSENT, read("*** 385"), False),
        (ABSENT, ABSENT, False),
    ],
)
def test_a_payer_that_is_the_shop(name: READ, number: READ, own: bool) -> None:  # noqa: FBT001  # a table column
    """The shop pays itself when name or number of the payer is accepted."""
    seen = aba_success(payer_name=name, payer_account=number)
    assert own is is_own(seen, (OTHER, SHOP))
