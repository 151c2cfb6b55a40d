"""The bootstrap's part that fills a database for trials: the story, the rehearsal, the loader."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from random import Random
from typing import Any

import attrs

from kasa.application.kasa import Kasa
from kasa.domain.kernel.errors import Conflict, Invalid, KasaError
from kasa.entrypoints.bootstrap_database import logins_of
from kasa.entrypoints.extras import named_extras
from kasa.entrypoints.load_story import ACTS, CHAPTER_DAYS, KINDS, OPENED, LoadStory
from kasa.entrypoints.settings import Settings

FEW = 5_000
CHAPTERS = 4


class OwnerMissing(KasaError):
    """Name the owner's login in KASA_OWNER_DATABASE_URL: rows are loaded past row security."""

    code = "setup.owner_missing"


class DatabaseNotEmpty(Conflict):
    """The database has shops already; with --more it gets more of them."""

    code = "load.not_empty"


class LoadTooLarge(Invalid):
    """The largest shop would have more than 2,000,000 invoices; ask for more shops."""

    code = "load.too_large"


@attrs.frozen(kw_only=True)
class WantedLoad:
    """How many shops and invoices are loaded, drawn from ``seed``; ``more`` beside what is there.

    ``tell`` hears after each shop how many of them, and how many invoices, are written.
    """

    tenants: int
    invoices: int
    seed: int
    more: bool = False
    tell: Callable[[int, int], None] = lambda _shops, _invoices: None


def load_shops(settings: Settings, wanted: WantedLoad) -> Any:
    """Load shops into the database that the settings name, and return what was written.

    Raises ``setup.owner_missing``, ``setup.owner_cannot_bypass``, ``load.not_empty`` and
    ``load.too_large``. A load that is killed leaves whole shops alone.
    """
    if settings.database_url is not None and settings.owner_database_url is None:
        raise OwnerMissing
    with ExitStack() as opened, named_extras():
        from kasa.adapters.postgres.upgrade import upgrade

        owner = logins_of(settings, opened).owner
        if settings.upgrades_at_start:
            upgrade(owner)
        return load_into(owner, wanted)


def load_into(owner: str, wanted: WantedLoad) -> Any:
    """Load shops into the database at the owner's address."""
    from kasa.adapters.postgres.loading.loader import load, shops_there
    from kasa.adapters.postgres.loading.sizes import LARGEST, largest
    from kasa.adapters.system.clock import SystemClock

    if largest(wanted.tenants, wanted.invoices) > LARGEST:
        raise LoadTooLarge
    there = shops_there(owner)
    if there and not wanted.more:
        raise DatabaseNotEmpty(
            f"The database has {there} shops already; an earlier load may have ended before "
            "all were written.",
            shops=there,
        )
    chapters = 1 if wanted.invoices < FEW else CHAPTERS
    casts = [_rehearsed(owner, kind, chapters, wanted.seed) for kind in KINDS]
    return load(
        owner,
        casts,
        tenants=wanted.tenants,
        invoices=wanted.invoices,
        seed=wanted.seed,
        today=SystemClock().now().date(),
        tell=wanted.tell,
    )


def _rehearsed(owner: str, kind: str, chapters: int, seed: int) -> Any:
    """Have the story told in a transaction that is rolled back, and return what is copied."""
    from kasa.adapters.memory.bundle import memory_ports
    from kasa.adapters.memory.outside import StoppedClock
    from kasa.adapters.postgres.loading.rehearsal import rehearsal
    from kasa.adapters.postgres.loading.scenes import Scene, rows_of_shop, scene
    from kasa.adapters.postgres.loading.shops import Cast
    from kasa.adapters.system.clock import RandomIds

    ids, clock = RandomIds(), StoppedClock(OPENED)
    with rehearsal(owner, ids) as units:
        ports = attrs.evolve(memory_ports(clock=clock), unit_of_work=units, ids=ids)
        story = LoadStory(
            kasa=Kasa.over(ports),
            set_clock=clock.set,
            new_id=ids.new,
            kind=kind,
            random=Random(seed),  # noqa: S311  # trials are drawn again from their seed
        )
        before: dict[str, frozenset[str]] = {}
        scenes: list[Scene] = []
        for no in range(chapters + 2):
            if no == 0:
                tenant = story.head().tenant
            else:
                story.chapter(no, ACTS if no <= chapters else ("cash",))
            after = rows_of_shop(units.driver, tenant)
            first_day = (OPENED + timedelta(CHAPTER_DAYS * no)).date()
            scenes.append(scene(before, after, first_day))
            before = after
    head, *whole, single = scenes
    return Cast(head=head, whole=tuple(whole), single=single)
