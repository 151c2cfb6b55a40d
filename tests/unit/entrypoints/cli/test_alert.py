"""`kasa alert`: a bank's message in a file settles the invoice that it names, or waits."""

from pathlib import Path

import pytest

from kasa.application.ports.bundle import Ports
from kasa.domain.kernel.moments import zone
from kasa.domain.payments.alerts.reading import AlertFlag, Refusal
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.entrypoints.cli.alert import FLAGS, REFUSALS
from tests.unit.entrypoints.cli.conftest import Command

BOUND = ("--bot", "@prince_pay_bot", "--chat", "-1001", "--message")


@pytest.fixture
def shop(command: Command) -> Command:
    """Return the command line of a shop with an account and an open invoice of 20,000 riel."""
    command("tenant", "open", "Sokha Textiles")
    command("account", "add", "PRINCE", "012345678", "--name", "SOKHA TEXTILES")
    command("stock", "add", "TSHIRT", "T-shirt", "--price", "20000", "--on-hand", "5")
    command("invoice", "new", "--line", "TSHIRT", "--issue")
    return command


@pytest.fixture
def posted(tmp_path: Path, ports: Ports) -> Path:
    """Return a file with what the bank's bot posts about a payment of this minute."""
    local = ports.clock.now().astimezone(zone(BANK_ZONE))
    file = tmp_path / "message.txt"
    file.write_text(
        "Dear valued customer, you have received a payment:\n"
        "Amount: **KHR 20,000**\n"
        f"Datetime: {local:%Y/%m/%d, %I:%M %p}\n"
        "Reference No: 794715018\n"
        "Merchant name: SOKHA TEXTILES\n"
        "Received from: **ដារ៉ា សុខ**\n"
        "Sender's bank: **ACLEDA Bank Plc.**\n"
        "Hash: ab32be50\n",
        encoding="utf-8",
    )
    return file


def test_a_message_waits_and_is_assigned(shop: Command, posted: Path) -> None:
    """It is listed among those of nobody until a person says which invoice it pays."""
    taken = shop("alert", "take", posted, *BOUND, "1", "--json").data
    assert (None, None, False) == (taken["refusal"], taken["payment"], taken["again"])
    (line,) = shop("alert", "list", "--unassigned", "--json").data["items"]
    assert taken["alert"]["id"] == line["id"]
    shown = shop("alert", "show", line["id"])
    assert "ដារ៉ា សុខ" in shown.out
    assert [] == shop("alert", "show", line["id"], "--json").data["may_belong_to"]
    nobody = "01a1ffab-6c2f-7a2b-b9a1-e615a7ae6e3a"
    assert 4 == shop("alert", "join", line["id"], "--payment", nobody).code
    number = shop("invoice", "list", "--json").data["items"][0]["number"]
    made = shop("alert", "assign", line["id"], "--invoice", number, "--json").data
    assert "approved" == made["state"]
    assert [] == shop("alert", "list", "--unassigned", "--json").data["items"]
    assert made["id"] in shop("alert", "list").out
    assert 6 == shop("alert", "ignore", line["id"]).code


def test_the_same_message_is_known_already(shop: Command, posted: Path) -> None:
    """Taken twice it is one alert, and people read that."""
    shop("alert", "take", posted, *BOUND, "1")
    assert "known already" in shop("alert", "take", posted, *BOUND, "1").out
    (line,) = shop("alert", "list", "--json").data["items"]
    assert "ignored" in shop("alert", "ignore", line["id"]).out
    assert "ignored" in shop("alert", "list").out


def test_what_is_odd_about_an_alert_is_a_sentence(shop: Command, posted: Path) -> None:
    """Every refusal and flag has its words; the same transfer in another message is flagged."""
    assert set(Refusal) == set(REFUSALS)
    assert set(AlertFlag) == set(FLAGS)
    shop("alert", "take", posted, *BOUND, "1")
    told = f"- {FLAGS[AlertFlag.REPEATED]} (alert.repeated)"
    assert told == shop("alert", "take", posted, *BOUND, "2").out.splitlines()[-1].strip()


@pytest.mark.parametrize(("chat", "message"), [("9" * 20, "1"), ("-1", "9" * 20), ("-1", "0")])
def test_a_number_that_names_no_message_is_refused(
    shop: Command, posted: Path, chat: str, message: str
) -> None:
    """A chat or a message has a number that the messenger can have given."""
    bound = ("--bot", "@prince_pay_bot", "--chat", chat, "--message", message)
    ended = shop("alert", "take", posted, *bound, "--json")
    assert (2, "usage") == (ended.code, ended.document["error"]["code"])


def test_what_is_passed_on_is_one_step_weaker(shop: Command, posted: Path) -> None:
    """`--ingested` says so, and that is kept with the alert."""
    taken = shop("alert", "take", posted, *BOUND, "1", "--ingested", "--json").data
    assert "alert_ingested" == taken["alert"]["source"]


def test_other_words_are_not_taken(shop: Command, tmp_path: Path) -> None:
    """A message that is no credit says why and ends well; a file that is no text does not."""
    other = tmp_path / "other.txt"
    other.write_text("Your one-time password is 481 920.", encoding="utf-8")
    ended = shop("alert", "take", other, *BOUND, "1")
    words = "in no wording that kasa knows does this bot say that money came in."
    assert (0, f"Not taken: {words} (alert.not_a_credit)") == (ended.code, ended.out.strip())
    other.write_bytes(b"\xff\xfe")
    assert 2 == shop("alert", "take", other, *BOUND, "1").code
    assert [] == shop("alert", "list", "--json").data["items"]
