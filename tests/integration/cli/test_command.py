"""The command as a process: demo, doctor and database in a private folder."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.integration

LIMIT_SECONDS = 180


def kasa(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own and return how it ended."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KASA_")}
    return subprocess.run(
        [sys.executable, "-m", "kasa", *arguments],
        env={**kept, "KASA_HOME": str(home), "TMPDIR": str(home.parent), **environment},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=LIMIT_SECONDS,
    )


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a folder that the server's own user can reach, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="kasa-command-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


def data_of(ended: subprocess.CompletedProcess[str]) -> Any:
    """Return what a successful document holds."""
    assert ended.returncode == 0, ended.stderr + ended.stdout
    document = json.loads(ended.stdout)
    assert document["ok"]
    return document["data"]


def test_the_demo_holds_what_it_says(home: Path) -> None:
    """From an empty folder: database, invoice, PDF, a picture really read, paid, duplicate."""
    ended = kasa(home, "demo", "--seed", "7")
    assert ended.returncode == 0, ended.stderr + ended.stdout
    for words in (
        "ok  its goods are reserved",
        "ok  the PDF is one",
        "ok  the machine approves it",
        "ok  the invoice is paid",
        "ok  the goods have left",
        "ok  the trail tells it",
        "ok  a wrong amount goes to a person",
        "ok  it is a duplicate",
        "ok  its first use is named",
    ):
        assert words in ended.stdout
    assert "\x1b" not in ended.stdout + ended.stderr
    (folder,) = home.parent.glob("kasa-demo-*")
    assert (folder / "INV-2026-000001.pdf").read_bytes().startswith(b"%PDF-")
    assert not (folder / "home").exists()
    assert not home.exists()


@pytest.mark.deep
def test_the_demo_decides_by_what_the_receipt_shows(home: Path) -> None:
    """With another amount on the receipt the machine approves nothing."""
    told = data_of(kasa(home, "demo", "--seed", "7", "--paid", "1000", "--json"))
    decisions = [verdict["decision"] for verdict in told["verdicts"]]
    assert decisions == ["review", "review", "duplicate"]
    assert "the machine approves it" not in told["holds"]


@pytest.mark.deep
def test_the_database_is_made_once_and_kept(home: Path) -> None:
    """Init makes server and schema, a second run changes nothing, and shops stay."""
    first = data_of(kasa(home, "db", "init", "--json"))
    assert (first["before"], first["after"]) == (None, first["wanted"])
    shop = data_of(kasa(home, "tenant", "open", "Sokha Textiles", "--json"))
    again = data_of(kasa(home, "db", "init", "--json"))
    assert again["before"] == again["after"] == first["wanted"]
    listed = data_of(kasa(home, "tenant", "list", "--json"))["items"]
    assert [shop["id"]] == [row["id"] for row in listed]


def test_the_doctor_finds_everything_well(home: Path) -> None:
    """On a machine with the extras no part fails."""
    told = data_of(kasa(home, "doctor", "--json"))
    assert told["healthy"]
    assert {"python", "database", "file storage", "text recognition"} <= {
        part["part"] for part in told["parts"]
    }


@pytest.mark.deep
def test_the_doctor_fails_on_an_unreachable_database(home: Path) -> None:
    """A database that does not answer ends with 3, and the other parts are told all the same."""
    address = f"postgresql://kasa_app@/kasa?host={home}"
    ended = kasa(home, "doctor", "--json", KASA_DATABASE_URL=address)
    assert ended.returncode == 3
    parts = {one["part"]: one for one in json.loads(ended.stdout)["data"]["parts"]}
    assert (parts["database"]["health"], parts["python"]["health"]) == ("fail", "ok")
    assert parts["database"]["mend"] == "start the server of KASA_DATABASE_URL"


def test_a_bad_setting_stops_the_start(home: Path) -> None:
    """A malformed setting ends with 3 and its name."""
    ended = kasa(home, "tenant", "list", "--json", KASA_OCR_PROCESSES="many")
    assert ended.returncode == 3
    error = json.loads(ended.stdout)["error"]
    assert error["code"] == "setup.setting_invalid"
    assert "KASA_OCR_PROCESSES" in error["message"]


@pytest.mark.deep
def test_a_database_for_trials_is_filled_once(home: Path) -> None:
    """The load is counted and warned of; a second one is refused, and says how many are there."""
    line = ("bench", "load", "--tenants", "3", "--invoices", "40", "--json")
    ended = kasa(home, *line)
    loaded = data_of(ended)
    assert (40, 3) == (loaded["rows"]["invoices"], loaded["rows"]["tenants"])
    assert "trials" in json.loads(ended.stdout)["warnings"][0]
    refused = kasa(home, *line)
    assert 6 == refused.returncode
    assert "load.not_empty" == json.loads(refused.stdout)["error"]["code"]
    assert {"rows"} <= set(data_of(kasa(home, *line, "--more", "--seed", "2")))


def test_a_load_needs_the_owner(home: Path) -> None:
    """With a database of one's own but without its owner's login nothing is loaded."""
    ended = kasa(
        home,
        *("bench", "load", "--tenants", "1", "--invoices", "1", "--json"),
        KASA_DATABASE_URL="postgresql://kasa_app@127.0.0.1:1/kasa",
    )
    assert 3 == ended.returncode
    assert "setup.owner_missing" == json.loads(ended.stdout)["error"]["code"]
