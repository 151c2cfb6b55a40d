"""A whole set: which stories are told in which order, and the files that come of it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import attrs

from tests.receipts.damage import DAMAGES, Sent, saved
from tests.receipts.drafts import Draft, honest
from tests.receipts.facts import ZONE
from tests.receipts.fonts import khmer_faces, latin_faces
from tests.receipts.kinds import KINDS, RECEIVED, Kind
from tests.receipts.others import OTHERS
from tests.receipts.page import Look, Page, look
from tests.receipts.references import reference
from tests.receipts.shown import Shown
from tests.receipts.stories import STORIES, possible
from tests.receipts.truth import invoice_label, printed_label

FORMAT = 1
_WEIGHTS = {
    "telegram": 44,
    "clean": 8,
    "jpeg_low": 9,
    "small": 7,
    "photo": 9,
    "photo_rotated": 2,
    "rotated": 4,
    "rot_exif": 3,
    "dim": 4,
    "fade": 3,
    "overlay": 4,
    "crop": 4,
}
_HARD_LETTER = {"small": 9.0, "jpeg_low": 11.0, "photo": 13.0, "photo_rotated": 13.0, "fade": 12.0}
_AGAIN = ("same_file", "recompressed", "cropped", "photo")
_WITH_BAR = frozenset({"aba_success", "wing", "gen_hero"})


@attrs.frozen(kw_only=True)
class Case:
    """One picture of the set with its labels."""

    file: str
    data: bytes
    label: Mapping[str, Any]


@attrs.frozen(kw_only=True)
class _Drawn:
    """A case that was drawn, for those that repeat it."""

    draft: Draft
    shown: Shown
    seen: Look
    case: Case


class Series:
    """Draws the cases of a seed one after the other."""

    def __init__(
        self, seed: int, *, layouts: Sequence[str] = (), system_fonts: bool = False
    ) -> None:
        self._seed = seed
        self._kinds = [KINDS[name] for name in layouts] or list(KINDS.values())
        self._latin = latin_faces(system=system_fonts)
        self._khmer = khmer_faces(system=system_fonts)
        self._honest: list[_Drawn] = []

    def cases(self, count: int) -> Iterator[Case]:
        """Return so many cases in the order of their arrival."""
        for index in range(count):
            random = Random(f"receipts {self._seed} {index}")
            yield self._one(index, random)

    def _one(self, index: int, random: Random) -> Case:
        share = random.random()
        if share < 0.06:
            return self._other(index, random)
        if share < 0.12 and self._honest:
            return self._again(index, random)
        draft = honest(self._kind(random), random)
        if share < 0.15:
            return self._drawn(index, _incoming(draft, random), random).case
        told = STORIES[random.choice(possible(draft))](draft, random) if share < 0.52 else draft
        if told.damage == "telegram":
            told = attrs.evolve(told, damage=self._damage(told, random))
        drawn = self._drawn(index, told, random)
        if told.approve and not drawn.case.label["hard"] and told.damage in {"telegram", "clean"}:
            self._honest.append(drawn)
        return drawn.case

    def _kind(self, random: Random) -> Kind:
        weights = [kind.weight for kind in self._kinds]
        return random.choices(self._kinds, weights)[0]

    def _damage(self, draft: Draft, random: Random) -> str:
        usable = {
            name: weight
            for name, weight in _WEIGHTS.items()
            if name != "overlay" or draft.kind.key in _WITH_BAR
        }
        return random.choices(list(usable), list(usable.values()))[0]

    def _drawn(self, index: int, draft: Draft, random: Random, seen: Look | None = None) -> _Drawn:
        seen = seen or look(random, self._latin, self._khmer, light=draft.kind.light)
        page = Page(seen)
        draft.kind.draw(page, draft.transfer, random, draft.language)
        image = page.finished()
        letter = seen.size * 0.71 * page.unit
        needs = draft.kind.needs_status or draft.attack in {"scheduled", "failed"}
        marks = tuple(page.marks)
        shown = Shown(image=image, marks=marks, letter=letter, needs_status=needs)
        case = self._case(index, draft, shown, random, seen)
        return _Drawn(draft=draft, shown=shown, seen=seen, case=case)

    def _case(self, index: int, draft: Draft, shown: Shown, random: Random, seen: Look) -> Case:
        damaged = DAMAGES[draft.damage](shown, random)
        sent = saved(damaged, random, lossless=draft.damage == "clean")
        printed = printed_label(draft, shown.marks, sent.hidden)
        hard = damaged.letter < _HARD_LETTER.get(draft.damage, 8.0) or draft.variant in {
            "too_blurred",
            "everywhere",
            "foreign",
        }
        return _labelled(index, draft, sent, printed, hard=hard, dark=seen.dark)

    def _again(self, index: int, random: Random) -> Case:
        """Show an earlier receipt once more, for the same or for another invoice."""
        first = random.choice(self._honest)
        variant = random.choice(_AGAIN)
        used = first.draft.refused("duplicate_reference", variant, "A receipt already used.")
        other = honest(first.draft.kind, random)
        if random.random() < 0.5:
            used = used.asked(number=other.invoice.number)
        used = attrs.evolve(used, duplicate_of=first.case.file)
        if variant == "same_file":
            printed = first.case.label["printed"]
            detail = first.case.label["degrade_detail"]
            suffix = first.case.file.rpartition(".")[2]
            sent = Sent(data=first.case.data, suffix=suffix, detail=detail)
            used = attrs.evolve(used, damage=first.draft.damage)
            return _labelled(index, used, sent, printed, hard=False, dark=first.seen.dark)
        how = {"recompressed": "jpeg_low", "cropped": "crop", "photo": "photo"}[variant]
        used = attrs.evolve(used, damage=how)
        return self._case(index, used, first.shown, random, first.seen)

    def _other(self, index: int, random: Random) -> Case:
        draft = honest(self._kind(random), random)
        name = random.choice(sorted(OTHERS))
        draw, kind = OTHERS[name]
        seen = look(random, self._latin, self._khmer)
        page = Page(seen)
        draw(page, draft, random)
        attack = "scheduled" if kind == "confirm" else "non_receipt"
        told = draft.refused(attack, kind, "Not a payment receipt.")
        told = attrs.evolve(told, damage=random.choice(("telegram", "clean", "jpeg_low")))
        shown = Shown(image=page.finished(), marks=tuple(page.marks), letter=12)
        sent = saved(DAMAGES[told.damage](shown, random), random, lossless=told.damage == "clean")
        printed = {**printed_label(told, shown.marks, sent.hidden, kind=kind)}
        label = _labelled(index, told, sent, printed, hard=False, dark=seen.dark)
        return attrs.evolve(label, label={**label.label, "layout": name, "known_bank": False})


def _incoming(draft: Draft, random: Random) -> Draft:
    """Return the card of somebody who received money, the shop's or another's."""
    transfer = draft.transfer
    schemes = {name: reference(name, transfer.paid_at, random) for name in RECEIVED.schemes}
    told = draft.paid(references=schemes, hides_account=False, debit=None)
    variant = "money_from_a_third_person"
    if random.random() < 0.6:
        ours = transfer.payee
        other = attrs.evolve(ours, names=(transfer.payer_name,), account=transfer.payer_account)
        told = told.paid(payer_name=ours.names[0], payer_account=ours.account, payee=other)
        variant = "money_from_the_shop"
    else:
        stranger = honest(draft.kind, random).transfer.payee
        told = told.paid(payee=stranger)
    told = attrs.evolve(told, kind=RECEIVED, language="en")
    return told.refused("received_vs_sent", variant, "Money that was received, not sent.")


def _labelled(
    index: int,
    draft: Draft,
    sent: Sent,
    printed: Mapping[str, Any],
    *,
    hard: bool,
    dark: bool,
) -> Case:
    file = f"r{index + 1:04d}.{sent.suffix}"
    attack = "decoy_amount" if draft.attack == "decoy_remark" else draft.attack
    label = {
        "file": file,
        "layout": draft.kind.key,
        "known_bank": draft.kind.known,
        "language": draft.language,
        "dark": dark,
        "degrade": {"crop_away": "crop", "cover_amount": "overlay"}.get(draft.damage, draft.damage),
        "degrade_detail": dict(sent.detail),
        "hard": hard,
        "decision": "approve" if draft.approve else "review",
        "attack": attack,
        "variant": draft.variant,
        "why": draft.why,
        "duplicate_of": draft.duplicate_of,
        "invoice": invoice_label(draft.invoice),
        "printed": printed,
    }
    return Case(file=file, data=sent.data, label=label)


def write(folder: Path, cases: Iterator[Case], told: Callable[[str], None] = print) -> int:
    """Write pictures and truth.json into a folder; return how many pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = []
    for case in cases:
        (folder / case.file).write_bytes(case.data)
        labels.append(dict(case.label))
    rows = ",\n".join(json.dumps(label, ensure_ascii=False) for label in labels)
    head = f'{{"format": {FORMAT}, "time_zone": "{ZONE}", "count": {len(labels)}, "cases": [\n'
    (folder / "truth.json").write_text(f"{head}{rows}\n]}}\n", encoding="utf-8")
    told(f"{len(labels)} pictures in {folder}")
    return len(labels)
