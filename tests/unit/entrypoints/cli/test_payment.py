"""`kasa account`, `payment`, `match explain` and `review`, over a scripted recogniser."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from kasa.application.ports.bundle import Ports
from kasa.application.ports.images import SampleLook, SampleReceipt
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.ids import TenantId
from kasa.domain.kernel.money import KHR, USD, ExchangeRate, Money
from kasa.entrypoints.bootstrap import over
from tests.unit.entrypoints.cli.conftest import Command

INVOICE = "INV-2026-000001"


@pytest.fixture
def shop(command: Command) -> Command:
    """Return the command line of a shop with an account and an open invoice of 40,000 riel."""
    command("tenant", "open", "Sokha Textiles")
    command("account", "add", "ABA", "001234567", "--name", "SOKHA TEXTILES")
    command("invoice", "new", "--item", "Scarf=2@20000", "--issue")
    return command


def _receipt(ports: Ports, folder: Path, riel: int = 40_000, transfer: str = "56765745667") -> Path:
    path = folder / f"{transfer}-{riel}.png"
    path.write_bytes(
        ports.samples.draw(
            SampleReceipt(
                look=SampleLook.ABA_SUCCESS,
                amount=Money(riel, KHR),
                recipient="SOKHA TEXTILES",
                payer="DARA CHAN",
                paid_at=ports.clock.now(),
                references=(("aba.trx", transfer),),
                payer_account="009876543",
            )
        )
    )
    return path


def _dollar_invoice(shop: Command, ports: Ports) -> str:
    kasa = over(ports).kasa
    owner = Actor.system(TenantId(UUID(shop("tenant", "list", "--json").data["items"][0]["id"])))
    rate = ExchangeRate(
        base=USD, quote=KHR, rate=Decimal(4000), on=ports.clock.now().date(), source="market"
    )
    line = WantedLine(text="Scarf", quantity=Decimal(1), price=Decimal("12.50"))
    draft = kasa.invoicing.draft(owner, WantedInvoice(lines=(line,), currency=USD, rate=rate))
    number = kasa.invoicing.issue(owner, draft.id).number
    assert number is not None
    return number.text


def test_a_check_stores_nothing(shop: Command, ports: Ports, tmp_path: Path) -> None:
    """A picture that is only looked at pays nothing, twice."""
    picture = _receipt(ports, tmp_path)
    for _ in range(2):
        seen = shop("payment", "check", picture, "--invoice", INVOICE, "--json").data
        assert (seen["verdict"]["decision"], seen["verdict"]["points"]) == ("approve", 80)
    assert shop("invoice", "show", INVOICE, "--json").data["due"]["amount"] == "40000"


def test_explaining_shows_every_check_and_words(
    shop: Command, ports: Ports, tmp_path: Path
) -> None:
    """Each gate and rule is a line, and the reasons are sentences."""
    picture = _receipt(ports, tmp_path, 39_000)
    out = shop("match", "explain", picture, "--invoice", INVOICE).out
    assert "A person has to look (30 of 100 points)" in out
    assert "(amount_under)" in out
    for check in ("receipt", "amount", "recipient", "reference", "time", "target", "policy"):
        assert f"\n{check} " in out


def test_a_submitted_receipt_pays_once(shop: Command, ports: Ports, tmp_path: Path) -> None:
    """The right receipt pays the invoice; the same one again is a duplicate."""
    picture = _receipt(ports, tmp_path)
    made = shop("payment", "submit", picture, "--invoice", INVOICE, "--json").data
    assert made["state"] == "approved"
    assert "A person decided" not in shop("payment", "show", made["id"]).out
    assert shop("invoice", "show", INVOICE, "--json").data["state"] == "paid"
    again = shop("payment", "submit", picture, "--json").data
    assert again["state"] == "duplicate"
    assert again["verdict"]["first_use"]["invoice_number"] == INVOICE


def test_a_person_approves_what_differs_only_with_a_reason(
    shop: Command, ports: Ports, tmp_path: Path
) -> None:
    """A wrong amount waits in review; approving it needs a reason."""
    picture = _receipt(ports, tmp_path, 39_000)
    shop("payment", "submit", picture, "--invoice", INVOICE)
    (waiting,) = shop("review", "list", "--json").data["items"]
    ended = shop("review", "approve", waiting["id"], "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "payment.reason_required")
    made = shop("review", "approve", waiting["id"], "--reason", "agreed by phone", "--json").data
    assert made["state"] == "approved"
    assert shop("invoice", "show", INVOICE, "--json").data["due"]["amount"] == "1000"
    told = shop("payment", "show", waiting["id"]).out
    by_hand = told.index("A person decided: approved, with the reason: agreed by phone")
    assert by_hand < told.index("kasa had judged:") < told.index("A person has to look")


def test_a_person_rejects(shop: Command, ports: Ports, tmp_path: Path) -> None:
    """A rejected payment leaves the review, and is not decided twice."""
    picture = _receipt(ports, tmp_path, 39_000)
    shop("payment", "submit", picture, "--invoice", INVOICE)
    (waiting,) = shop("review", "list", "--json").data["items"]
    done = shop("review", "reject", waiting["id"], "--reason", "an old one", "--json").data
    assert done["state"] == "rejected"
    assert shop("review", "list", "--json").data["items"] == []
    assert shop("review", "reject", waiting["id"], "--reason", "an old one").code == 6


def test_an_unknown_bank_is_refused_with_its_code(shop: Command) -> None:
    """A receiving account belongs to a bank that kasa knows."""
    ended = shop("account", "add", "NOBANK", "001234567", "--name", "SOKHA TEXTILES", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "account.unknown_bank")
    assert len(shop("account", "list", "--json").data["items"]) == 1
    assert "ABA" in {row["code"] for row in shop("account", "banks", "--json").data["items"]}


@pytest.mark.parametrize(
    "given", ["sokha", "@aclb", "sokha@", "a@b@c", "សុខា@aclb", "s" * 32 + "@b"]
)
def test_a_malformed_bakong_id_is_refused(shop: Command, given: str) -> None:
    """An account never carries an id that no KHQR code can name."""
    account = ("ACLEDA", "012345678", "--name", "SOKHA TEXTILES", "--bakong")
    ended = shop("account", "add", *account, given, "--json")
    assert (2, "account.bakong_invalid") == (ended.code, ended.document["error"]["code"])
    assert 1 == len(shop("account", "list", "--json").data["items"])
    assert (
        "sokha@aclb" == shop("account", "add", *account, "sokha@aclb", "--json").data["bakong_id"]
    )


def test_a_name_is_added_to_an_account(shop: Command) -> None:
    """The names it had stay; once more changes nothing; an account that is not there is named."""
    for _ in range(2):
        added = shop("account", "name", "ABA", "001 234 567", "SOKHA T.", "--json").data
        assert ["SOKHA TEXTILES", "SOKHA T."] == [one["text"] for one in added["names"]]
    missing = shop("account", "name", "ABA", "009999999", "SOKHA T.", "--json")
    assert (4, "not_found") == (missing.code, missing.document["error"]["code"])
    shop("account", "add", "ABA", "001234567", "--name", "SOKHA TEXTILES", "--currency", "USD")
    dollars = ("--currency", "USD", "--json")
    assert "USD" == shop("account", "name", "ABA", "001234567", "SOKHA", *dollars).data["currency"]


def test_an_approved_payment_is_undone(shop: Command, ports: Ports, tmp_path: Path) -> None:
    """The invoice is due again; twice is a conflict; back in review it is decided anew."""
    shop("payment", "submit", _receipt(ports, tmp_path), "--invoice", INVOICE)
    (paid,) = shop("payment", "list", "--json").data["items"]
    why = ("--reason", "the bank took it back")
    undone = shop("review", "reverse", paid["id"], *why, "--goods-back", "--json")
    assert "reversed" == undone.data["state"]
    assert "open" == shop("invoice", "show", INVOICE, "--json").data["state"]
    assert 6 == shop("review", "reverse", paid["id"], *why).code
    assert "in_review" == shop("review", "reopen", paid["id"], "--json").data["state"]
    assert 2 == shop("review", "reverse", paid["id"]).code


@pytest.mark.parametrize("file", ["missing.png", "."])
def test_a_file_that_cannot_be_read_is_bad_input(shop: Command, tmp_path: Path, file: str) -> None:
    """A missing file, or a folder, is `evidence.file`."""
    ended = shop("payment", "check", tmp_path / file, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "evidence.file")


@pytest.mark.parametrize(
    "truth",
    ["", "{", "[]", "{}", '{"format": 2, "cases": []}', '{"format": 1}', "[" * 100_000],
)
def test_a_malformed_set_is_bad_input(shop: Command, tmp_path: Path, truth: str) -> None:
    """A truth.json that is none ends with a code and 2, without a traceback."""
    (tmp_path / "truth.json").write_text(truth, encoding="utf-8")
    ended = shop("match", "evaluate", tmp_path, "--json")
    assert ended.code == 2
    assert ended.document["error"]["code"].startswith("evaluation.set_")


def test_a_missing_set_is_bad_input(shop: Command, tmp_path: Path) -> None:
    """A folder without a truth.json ends with a code and 2."""
    ended = shop("match", "evaluate", tmp_path / "nowhere", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "evaluation.set_missing")


def test_a_duplicate_without_an_amount_shows_none(
    shop: Command, ports: Ports, tmp_path: Path
) -> None:
    """What was not read is left out of the line."""
    picture = _receipt(ports, tmp_path)
    shop("payment", "submit", picture, "--invoice", INVOICE)
    line = shop("payment", "submit", picture, "--invoice", INVOICE).out.splitlines()[0]
    assert line.endswith("  duplicate")


def test_an_amount_by_hand_is_in_the_currency_of_the_invoice(
    shop: Command, ports: Ports, tmp_path: Path
) -> None:
    """In a shop that counts in riel, 12.50 pays a dollar invoice."""
    dollars = _dollar_invoice(shop, ports)
    picture = _receipt(ports, tmp_path, 39_000)
    paid = shop("payment", "submit", picture, "--invoice", dollars, "--json").data["id"]
    words = ("--amount", "12.50", "--reason", "seen in the bank app")
    assert 0 == shop("review", "approve", paid, *words).code
    assert "paid" == shop("invoice", "show", dollars, "--json").data["state"]


@pytest.mark.parametrize(("decision", "attack", "code"), [("approve", None, 0), ("review", "x", 1)])
def test_a_false_approval_ends_the_evaluation_with_1(
    shop: Command, ports: Ports, tmp_path: Path, decision: str, attack: str | None, code: int
) -> None:
    """What is approved although its label forbids it is counted, and the exit code is 1."""
    now = ports.clock.now()
    invoice = {
        "number": INVOICE,
        "amount": "40000",
        "currency": "KHR",
        "recipients": ["SOKHA TEXTILES"],
        "accounts": ["001234567"],
        "bank": "ABA",
        "issued_at": (now - timedelta(hours=1)).isoformat(),
        "now": (now + timedelta(minutes=1)).isoformat(),
    }
    case = {
        "file": _receipt(ports, tmp_path).name,
        "layout": "aba_success",
        "degrade": "clean",
        "hard": False,
        "decision": decision,
        "attack": attack,
        "invoice": invoice,
        "printed": {"kind": "receipt"},
    }
    truth = json.dumps({"format": 1, "cases": [case]})
    (tmp_path / "truth.json").write_text(truth, encoding="utf-8")
    ended = shop("match", "evaluate", tmp_path, "--json")
    assert (code, code) == (ended.code, ended.data["summary"]["false_approvals"])
    assert ended.data["cases"][0]["decision"] == "approve"
