"""The stage of `kasa demo`: a shop, and the checks that hold the demo to what it says."""

from pathlib import Path
from random import Random

import attrs

from kasa.domain.identity.access import Actor, PlatformActor, Role
from kasa.domain.inventory.product import Product
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.ids import UserId
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import TenantProfile
from kasa.entrypoints.cli.request import OPERATOR
from kasa.entrypoints.cli.screen import Screen
from kasa.entrypoints.opened import OpenKasa

SHOP = "Sokha Textiles"

Levels = dict[str, tuple[int, int]]
"""On hand and reserved, by product code."""


class DemoDiffers(KasaError):
    """Something is not as the demo says."""

    code = "demo.differs"


@attrs.define
class Stage:
    """A demo shop, what stands in it, and the person who keeps it."""

    opened: OpenKasa
    screen: Screen
    folder: Path
    random: Random
    owner: Actor
    look: str = "aba_card"
    products: tuple[Product, ...] = ()
    holds: list[str] = attrs.field(factory=list)

    def title(self, words: str) -> None:
        """Print the beginning of a step."""
        self.screen.show("", words)

    def check(self, words: str, *, expected: object, actual: object) -> None:
        """Say that something is so, or stop the demo when it is not."""
        if expected != actual:
            raise DemoDiffers(f"{words}: {expected} was expected, {actual} is there.")
        self.holds.append(words)
        self.screen.show(f"  ok  {words}")

    def levels(self) -> Levels:
        """Return what is on hand and reserved, by product code."""
        page = self.opened.kasa.inventory.queries.levels(self.owner)
        return {str(row.code): (row.level.on_hand, row.level.reserved) for row in page.items}


def opened_shop(opened: OpenKasa, screen: Screen, folder: Path, seed: int) -> Stage:
    """Return a new demo shop; names and numbers follow from the seed."""
    shop = opened.kasa.tenancy.open(
        PlatformActor(operator=True), TenantProfile(name=name(SHOP), name_km="សុខា វាយនភណ្ឌ")
    )
    owner = Actor.member(shop.id, UserId(OPERATOR), Role.OWNER, recent=True)
    return Stage(opened, screen, folder, Random(seed), owner)  # noqa: S311  # a repeatable demo
