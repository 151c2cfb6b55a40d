"""The generator of labelled receipts: repeatable, complete, and its ids carry their days."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from kasa.application.payments.labelled import labelled_set
from kasa.domain.payments.banks.tables import reference_date
from tests.receipts.damage import DAMAGES
from tests.receipts.drafts import honest
from tests.receipts.facts import local
from tests.receipts.kinds import KINDS
from tests.receipts.page import Mark
from tests.receipts.references import reference
from tests.receipts.series import Case, Series, write
from tests.receipts.shown import Shown
from tests.receipts.stories import STORIES, possible
from tests.receipts.truth import printed_label

SEED, FEW = 5, 10
DATED = (
    *("acleda.ref", "wing.trx", "vattanac.trx", "payway.trx"),
    *("canadia.ft", "cp.trx", "sathapana.trx"),
)


@pytest.fixture(scope="module")
def few() -> list[Case]:
    """Return a short series."""
    return list(Series(SEED).cases(FEW))


def test_a_seed_repeats_itself(few: list[Case]) -> None:
    """The same seed draws the same bytes and the same labels."""
    again = list(Series(SEED).cases(3))
    assert [(case.data, case.label) for case in few[:3]] == [(c.data, c.label) for c in again]


def test_another_seed_draws_something_else(few: list[Case]) -> None:
    """Two seeds share no picture."""
    other = next(Series(SEED + 1).cases(1))
    assert other.data not in {case.data for case in few}


def test_the_labels_are_a_labelled_set(few: list[Case], tmp_path: Path) -> None:
    """What is written can be read as a labelled set, each file with its label."""
    assert FEW == write(tmp_path, iter(few), told=lambda _: None)
    written = {path.name for path in tmp_path.iterdir()}
    labelled = labelled_set({"format": 1, "cases": [case.label for case in few]})
    assert written == {"truth.json", *(case.file for case in labelled.cases)}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_an_honest_receipt_is_labelled_whole(name: str) -> None:
    """Each layout prints an amount, a moment, an id and somebody who is paid."""
    draft = honest(KINDS[name], Random(name))
    shown = [Mark(role=role, text="x", box=(0, 0, 1, 1)) for role in ("amount", "date", "payee")]
    label = printed_label(draft, shown, frozenset())
    assert label["amount"]["value"] == draft.invoice.amount.text
    assert label["date"]["iso"].startswith(f"{local(draft.transfer.paid_at):%Y-%m-%dT%H:%M}")
    assert draft.transfer.references.keys() >= set(KINDS[name].schemes)
    assert draft.invoice.issued_at < draft.transfer.paid_at < draft.invoice.now


@pytest.mark.parametrize("name", sorted(STORIES))
def test_a_story_never_stays_honest(name: str) -> None:
    """Every attack is labelled for review, and changes what is paid, asked or seen."""
    drafts = (honest(kind, Random(f"{name} {seed}")) for kind in KINDS.values() for seed in (1, 2))
    told = [(one, STORIES[name](one, Random(name))) for one in drafts if name in possible(one)]
    assert told
    for before, after in told:
        assert not after.approve
        changed = (after.transfer, after.invoice, after.damage)
        assert changed != (before.transfer, before.invoice, before.damage)


@pytest.mark.parametrize("scheme", DATED)
def test_a_dated_id_carries_its_day(scheme: str) -> None:
    """An id of a bank that numbers by days holds the day of the transfer."""
    for seed in range(20):
        draft = honest(KINDS["wing"], Random(seed))
        at = draft.transfer.paid_at
        value = reference(scheme, at, Random(seed))
        assert reference_date(scheme, value, at + timedelta(hours=1)) == local(at).date()


@pytest.mark.parametrize("name", sorted(DAMAGES))
def test_damage_keeps_a_picture_a_picture(name: str) -> None:
    """Whatever happens to a picture, it can be sent, and what is hidden is told."""
    image = Image.new("RGB", (720, 1400), "#ffffff")
    roles = ("status", "amount", "payee", "id:trx_id", "date")
    marks = tuple(
        Mark(role=role, text=role, box=(60, 300 + 90 * index, 600, 340 + 90 * index))
        for index, role in enumerate(roles)
    )
    damaged = DAMAGES[name](Shown(image=image, marks=marks, letter=20), Random(name))
    assert max(damaged.image.size) <= 2400
    assert damaged.hidden <= set(roles)
    assert bool(damaged.hidden) == (name in {"crop_away", "cover_amount", "blur"})
