"""`kasa payment check` and `kasa match` with real pictures, real cleaning and real reading."""

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kasa.domain.kernel.money import KHR, Money
from kasa.entrypoints.bootstrap import open_tools
from kasa.entrypoints.cli.app import run
from kasa.entrypoints.cli.request import Openers
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.settings import Settings
from tests.places import SLIPS

pytestmark = pytest.mark.integration

INVOICE = "INV-2026-000001"
Call = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenKasa]:
    """Return a kasa whose pictures and reading are real; what is stored is forgotten."""
    with open_tools(Settings(home=tmp_path_factory.mktemp("home"), ocr_processes=1)) as opened:
        yield opened


@pytest.fixture
def call(tools: OpenKasa, capfd: pytest.CaptureFixture[str]) -> Call:
    """Return a function that runs a command with `--json` and returns code and document."""

    @contextmanager
    def opener() -> Iterator[OpenKasa]:
        yield tools

    def command(*arguments: object) -> tuple[int, Any]:
        capfd.readouterr()
        code = run([*map(str, arguments), "--json"], Openers(stored=opener, tools=opener))
        return code, json.loads(capfd.readouterr().out)

    if not any(tools.shops()):
        command("tenant", "open", "Sokha Textiles")
        command("account", "add", "ABA", "001234567", "--name", "SOKHA TEXTILES")
        command("invoice", "new", "--item", "Scarf=2@20000", "--issue")
    return command


def _number(call: Call) -> str:
    _, listed = call("invoice", "list")
    return str(listed["data"]["items"][0]["number"])


def _receipt(tools: OpenKasa, look: str, riel: int, transfer: str) -> bytes:
    at = datetime.now(UTC) - timedelta(minutes=1)
    return tools.draw_receipt(
        look=look,
        amount=Money(riel, KHR),
        recipient="SOKHA TEXTILES",
        recipient_account="001234567",
        payer="CHAN DARA",
        paid_at=at,
        references=(("aba.trx", transfer), ("acleda.ref", transfer), ("generic.ref", transfer)),
    )


@pytest.mark.parametrize("look", ["aba_success", "aba_card"])
def test_a_drawn_receipt_is_read_and_approved(
    call: Call, tools: OpenKasa, tmp_path: Path, look: str
) -> None:
    """The amount, the receiver and the reference come out of the pixels, and the check says so."""
    picture = tmp_path / "receipt.png"
    picture.write_bytes(_receipt(tools, look, 40_000, "56765745667"))
    code, seen = call("match", "explain", picture, "--invoice", _number(call))
    assert code == 0
    evidence, verdict = seen["data"]["evidence"], seen["data"]["verdict"]
    assert evidence["amount"]["value"] == {"amount": "40000", "currency": "KHR"}
    assert evidence["references"]["aba.trx"]["value"] == "56765745667"
    assert verdict["decision"] == "approve"


def test_a_wrong_amount_is_not_approved(call: Call, tools: OpenKasa, tmp_path: Path) -> None:
    """A receipt of 1,000 riel less goes to a person, with the reason."""
    picture = tmp_path / "receipt.png"
    picture.write_bytes(_receipt(tools, "aba_success", 39_000, "56765745668"))
    _, seen = call("payment", "check", picture, "--invoice", _number(call))
    assert seen["data"]["verdict"]["decision"] == "review"
    assert "amount_under" in seen["data"]["verdict"]["reasons"]


def _png(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(width // 8 + 1) * min(height, 1_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SCRIPTED_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
trailer<</Root 1 0 R>>
"""


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "evidence.not_an_image"),
        (b"this is no picture", "evidence.not_an_image"),
        (b"\x89PNG\r\n\x1a\n", "evidence.not_an_image"),
        (b"GIF89a\x01\x00\x01\x00", "evidence.not_an_image"),
        (b"<svg xmlns='x'/>", "evidence.not_an_image"),
        (_png(50_000, 50_000), "evidence.too_many_pixels"),
        (_png(8, 8), "evidence.too_small"),
        (SCRIPTED_PDF, "evidence.pdf_active"),
        (b"%PDF-1.4 and nothing more", "evidence.pdf_without_picture"),
        (b"x" * (11 * 2**20), "evidence.too_large"),
        (b"x" * (21 * 2**20), "evidence.too_large"),
    ],
    ids=lambda one: one if isinstance(one, str) else f"{len(one)}-bytes",
)
def test_what_is_no_receipt_is_refused(call: Call, tmp_path: Path, data: bytes, code: str) -> None:
    """Each bad file has its code and a sentence, ends with 2, and leaves nothing behind."""
    picture = tmp_path / "file"
    picture.write_bytes(data)
    for command in ("check", "submit"):
        ended, seen = call("payment", command, picture)
        assert (ended, seen["error"]["code"]) == (2, code)
        assert seen["error"]["message"]
    _, listed = call("review", "list")
    assert listed["data"]["items"] == []


@pytest.mark.deep
@pytest.mark.slips
def test_a_labelled_set_is_evaluated_in_its_order(call: Call, tmp_path: Path) -> None:
    """The first pictures of the labelled receipts: one object per file, and nothing false."""
    assert SLIPS is not None
    truth = json.loads((SLIPS / "truth.json").read_text(encoding="utf-8"))
    truth["cases"] = truth["cases"][:4]
    (tmp_path / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    for case in truth["cases"]:
        (tmp_path / case["file"]).symlink_to(SLIPS / case["file"])
    code, seen = call("match", "evaluate", tmp_path)
    assert code == 0
    cases = seen["data"]["cases"]
    assert [case["file"] for case in truth["cases"]] == [case["file"] for case in cases]
    wanted = {"file", "decision", "points", "reasons", "read", "milliseconds"}
    assert all(wanted == set(case) for case in cases)
    assert {"amount", "currency", "paid_at", "recipient", "references"} == set(cases[0]["read"])
    assert seen["data"]["summary"]["false_approvals"] == 0


@pytest.mark.slips
def test_a_false_approval_ends_the_evaluation_with_1(call: Call, tmp_path: Path) -> None:
    """An honest receipt that its label calls a lie is a false approval: told, and exit code 1."""
    assert SLIPS is not None
    truth = json.loads((SLIPS / "truth.json").read_text(encoding="utf-8"))
    honest = next(
        case
        for case in truth["cases"]
        if (case["decision"], case["degrade"]) == ("approve", "clean")
    )
    lie = {**honest, "decision": "review", "attack": "wrong_amount"}
    (tmp_path / "truth.json").write_text(json.dumps({**truth, "cases": [lie]}), encoding="utf-8")
    (tmp_path / lie["file"]).symlink_to(SLIPS / lie["file"])
    code, seen = call("match", "evaluate", tmp_path)
    assert (1, True) == (code, seen["ok"])
    assert seen["data"]["summary"]["false_approvals"] == 1


def test_a_set_with_a_missing_file_is_refused(call: Call, tmp_path: Path) -> None:
    """A file that truth.json names and the folder lacks is bad input."""
    (tmp_path / "truth.json").write_text(json.dumps({"format": 1, "cases": []}), encoding="utf-8")
    assert call("match", "evaluate", tmp_path)[0] == 0
    code, seen = call("match", "evaluate", tmp_path / "nowhere")
    assert (code, seen["error"]["code"]) == (2, "evaluation.set_missing")
