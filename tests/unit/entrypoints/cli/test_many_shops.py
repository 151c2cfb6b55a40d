"""A shop is found by its name or its identifier, however many there are."""

from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.bundle import Ports
from kasa.entrypoints.bootstrap import over
from tests.unit.entrypoints.cli.conftest import Command

PAGE = 500


def test_the_last_of_many_shops_is_found(command: Command, ports: Ports) -> None:
    """One behind the first page is found by its identifier, by its name, and is listed."""
    for _ in range(PAGE):
        new_shop(ports)
    last = command("tenant", "open", "The Last Shop", "--json").data["id"]
    for named in (last, "The Last Shop"):
        assert 0 == command("stock", "show", "--tenant", named).code
    assert PAGE + 1 == len(list(over(ports).shops()))


def test_an_unknown_shop_is_refused(command: Command) -> None:
    """An identifier of nobody and a name of nobody are not found; no other shop is taken."""
    command("tenant", "open", "Sokha Textiles")
    for named in ("01a200b9-c29f-7444-b9ca-a510bc3738f2", "Sokha"):
        assert 4 == command("stock", "show", "--tenant", named).code
