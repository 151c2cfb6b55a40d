"""`kasa stock` and `kasa invoice` over one shop."""

from pathlib import Path

import pytest

from tests.unit.entrypoints.cli.conftest import Command, Ended


@pytest.fixture
def shop(command: Command) -> Command:
    """Return the command line of a shop with two products."""
    command("tenant", "open", "Sokha Textiles")
    command("stock", "add", "TSHIRT", "T-shirt", "--price", "20000", "--on-hand", "10")
    command("stock", "add", "CAP", "Cap", "--price", "15000", "--on-hand", "5")
    return command


def _levels(ended: Ended) -> dict[str, tuple[int, int]]:
    return {row["code"]: (int(row["on_hand"]), int(row["reserved"])) for row in ended.data["items"]}


NEW = ("invoice", "new", "--line", "TSHIRT=2", "--line", "CAP", "--customer", "Dara", "--issue")


def test_an_issued_invoice_has_a_number_and_reserves_its_goods(shop: Command) -> None:
    """Two products of the catalogue are priced, numbered and reserved."""
    made = shop(*NEW, "--json").data
    assert ("open", "55000") == (made["state"], made["due"]["amount"])
    assert made["number"].endswith("000001")
    assert {"CAP": (5, 1), "TSHIRT": (10, 2)} == _levels(shop("stock", "show", "--json"))


def test_people_see_the_invoice_as_a_table(shop: Command) -> None:
    """The table of lines is on stdout, golden."""
    shop(*NEW)
    number = shop("invoice", "list", "--json").data["items"][0]["number"]
    assert shop("invoice", "show", number).out.splitlines() == [
        f"{number}  open  total 55000 KHR  due 55000 KHR",
        "no  text     quantity  price     amount",
        " 1  T-shirt         2  20000  40000 KHR",
        " 2  Cap             1  15000  15000 KHR",
    ]


def test_a_void_invoice_gives_its_goods_back(shop: Command) -> None:
    """Voiding releases what was reserved and keeps the number."""
    number = shop(*NEW, "--json").data["number"]
    made = shop("invoice", "void", number, "--reason", "ordered twice", "--json").data
    assert "void" == made["state"]
    assert {"CAP": (5, 0), "TSHIRT": (10, 0)} == _levels(shop("stock", "show", "--json"))
    assert 6 == shop("invoice", "void", number, "--reason", "ordered twice").code


def test_a_shortage_is_a_conflict_and_takes_nothing(shop: Command) -> None:
    """Issuing more than is there ends with 6, and the draft stays a draft."""
    ended = shop("invoice", "new", "--line", "CAP=6", "--issue", "--json")
    assert (6, "stock.insufficient") == (ended.code, ended.document["error"]["code"])
    assert (5, 0) == _levels(shop("stock", "show", "CAP", "--json"))["CAP"]
    assert ["draft"] == [row["state"] for row in shop("invoice", "list", "--json").data["items"]]


def test_a_draft_is_issued_by_its_id(shop: Command) -> None:
    """A free line needs no product; its draft is issued later."""
    draft = shop("invoice", "new", "--item", "Delivery=1@5000", "--json").data
    made = shop("invoice", "issue", draft["id"], "--json").data
    assert ("open", "5000") == (made["state"], made["due"]["amount"])


def test_the_same_idempotency_key_does_nothing_twice(shop: Command) -> None:
    """A repeated command answers what it answered, and one invoice is there."""
    first = shop(*NEW, "--idempotency-key", "k1", "--json").data
    again = shop(*NEW, "--idempotency-key", "k1", "--json").data
    assert first["id"] == again["id"]
    assert 1 == len(shop("invoice", "list", "--json").data["items"])


def test_a_key_of_another_command_is_refused(shop: Command) -> None:
    """The same key with other content is `idempotency.key_reused`."""
    shop("stock", "receive", "CAP", "1", "--idempotency-key", "k1")
    ended = shop("stock", "receive", "CAP", "2", "--idempotency-key", "k1", "--json")
    assert (2, "idempotency.key_reused") == (ended.code, ended.document["error"]["code"])


@pytest.mark.parametrize("number", ["NaN", "1e9", "1_000", "１２", "-1", "+1", "01", "", "1,5"])
def test_numbers_that_are_none_are_refused(shop: Command, number: str) -> None:
    """Quantities, prices and costs are digits with one point, nothing else."""
    for arguments in (
        ("invoice", "new", "--line", f"CAP={number}"),
        ("invoice", "new", "--item", f"Delivery={number}@5000"),
        ("stock", "add", "X", "X", f"--price={number}"),
    ):
        ended = shop(*arguments, "--json")
        assert (2, "number.malformed") == (ended.code, ended.document["error"]["code"])
    assert [] == shop("invoice", "list", "--json").data["items"]


def test_a_cost_has_the_decimals_of_its_currency(shop: Command) -> None:
    """More decimals than the riel has are refused with a code."""
    ended = shop("stock", "receive", "CAP", "1", "--cost", "10.5", "--json")
    assert (2, "money.too_precise") == (ended.code, ended.document["error"]["code"])


def test_goods_come_in_and_are_corrected(shop: Command) -> None:
    """Receiving adds, adjusting corrects with a reason, and the audit finds no drift."""
    shop("stock", "receive", "CAP", "24", "--cost", "240000")
    shop("stock", "adjust", "CAP", "--by", "-1", "--reason", "damaged")
    assert (28, 0) == _levels(shop("stock", "show", "CAP", "--json"))["CAP"]
    shop("stock", "adjust", "CAP", "--to", "20", "--reason", "lost")
    assert (20, 0) == _levels(shop("stock", "show", "CAP", "--json"))["CAP"]
    assert [] == shop("stock", "audit", "--json").data["drifts"]


@pytest.mark.parametrize("line", ["", "=2", "NOPE", "NOPE=1"])
def test_a_line_of_nothing_is_refused(shop: Command, line: str) -> None:
    """A malformed line is bad input, an unknown product is not found."""
    assert shop("invoice", "new", "--line", line).code == (4 if "NOPE" in line else 2)


def test_the_printed_copy_is_written_once(shop: Command, tmp_path: Path) -> None:
    """An issued invoice has its copy; a file that exists is not written over."""
    number = shop(*NEW, "--json").data["number"]
    path = tmp_path / "invoice.pdf"
    assert shop("invoice", "pdf", number, path).code == 0
    assert path.read_bytes().startswith(b"%PDF-")
    ended = shop("invoice", "pdf", number, path, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "file.not_written")
    draft = shop("invoice", "new", "--line", "CAP", "--json").data["id"]
    assert shop("invoice", "pdf", draft, tmp_path / "draft.pdf").code == 4


def test_an_unknown_invoice_is_not_found(shop: Command) -> None:
    """A number that no invoice has ends with 4."""
    assert 4 == shop("invoice", "show", "INV-1999-000001").code


@pytest.mark.parametrize(
    "change", [(), ("--by", "-1", "--to", "3"), ("--by", "0"), ("--by", "-0.0")], ids=str
)
def test_a_correction_says_one_thing(shop: Command, change: tuple[str, ...]) -> None:
    """Neither, both, or a change of 0 is refused, and nothing moves."""
    ended = shop("stock", "adjust", "CAP", *change, "--reason", "lost", "--json")
    assert (2, "stock.change") == (ended.code, ended.document["error"]["code"])
    assert (5, 0) == _levels(shop("stock", "show", "CAP", "--json"))["CAP"]


def test_an_invoice_of_nothing_is_not_drafted(shop: Command) -> None:
    """Without a line or an item there is nothing to invoice."""
    ended = shop("invoice", "new", "--customer", "Dara", "--json")
    assert (2, "line.missing") == (ended.code, ended.document["error"]["code"])
    assert [] == shop("invoice", "list", "--json").data["items"]


def test_a_product_priced_in_another_currency_needs_a_price(shop: Command) -> None:
    """The refusal names the line and the currency that is missing."""
    ended = shop("invoice", "new", "--line", "CAP", "--currency", "USD")
    assert 2 == ended.code
    assert "Line 1 needs a price in USD. (line.price)" in ended.err
