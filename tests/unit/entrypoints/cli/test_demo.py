"""The journey of `kasa demo`, over memory: the real one is in the integration tests."""

from pathlib import Path

import pytest

from kasa.application.ports.bundle import Ports
from kasa.domain.kernel.money import KHR, Money
from kasa.entrypoints.bootstrap import over
from kasa.entrypoints.cli.demo import play
from kasa.entrypoints.cli.screen import Screen
from kasa.entrypoints.cli.stage import DemoDiffers, Stage, opened_shop
from tests.unit.entrypoints.cli.conftest import Command


@pytest.fixture
def stage(ports: Ports, tmp_path: Path) -> Stage:
    """Return a demo shop over memory."""
    screen = Screen(json_document=True, quiet=True, color=False)
    stage = opened_shop(over(ports), screen, tmp_path, 7)
    stage.look = "aba_success"
    return stage


def test_the_journey_holds_what_it_says(stage: Stage) -> None:
    """Every step is checked, from reserved goods to the duplicate with its first use."""
    play(stage, None)
    assert "the machine approves it" in stage.holds
    assert "the goods have left" in stage.holds
    assert stage.holds[-1] == "its first use is named"


def test_another_amount_changes_the_verdict(stage: Stage) -> None:
    """What the receipt shows decides: with a wrong amount nothing is approved or moved."""
    told = play(stage, Money(1_000, KHR))
    assert "a wrong amount is left to a person" in stage.holds
    assert "the machine approves it" not in stage.holds
    assert all(reserved for _, reserved in stage.levels().values())
    assert told["stock"] == stage.levels()


def test_a_demo_that_differs_stops(stage: Stage) -> None:
    """A check that does not hold ends the demo, and with it the command."""
    with pytest.raises(DemoDiffers):
        stage.check("the sky is green", expected="green", actual="blue")


@pytest.mark.parametrize("paid", ["NaN", "1e9", "1_000", "１２", "10.5", "-5", "0", "", "+1", "01"])
def test_what_is_no_amount_is_refused(command: Command, paid: str) -> None:
    """A malformed amount ends with 2 and a code, before anything is made."""
    ended = command("demo", f"--paid={paid}", "--json")
    code = ended.document["error"]["code"]
    assert ended.code == 2
    assert code.startswith("money.") or code == "payment.amount_invalid"
