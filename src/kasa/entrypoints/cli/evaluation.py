"""A labelled set on the command line: its files, its bars, and the tables of what was found."""

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from rich.console import RenderableType

from kasa.application.payments.bars import Bar, BarsInvalid, wanted_bars
from kasa.application.payments.evaluating import Each
from kasa.application.payments.labelled import LabelledSet, labelled_set
from kasa.application.payments.scoring import CaseResult, Evaluation, FieldRate, rates
from kasa.domain.kernel.errors import Invalid
from kasa.entrypoints.cli.files import read_at_most
from kasa.entrypoints.cli.screen import Screen, table

TRUTH = "truth.json"
TRUTH_LIMIT_BYTES = 16 * 2**20
BARS_LIMIT_BYTES = 64 * 2**10
PICTURE_LIMIT_BYTES = 20 * 2**20
READERS_MAX = 8
GROUPS = {"bank": "bank", "capture": "degrade"}
GROUP_FIELDS = ("amount", "moment", "some_reference", "hash")
_NO_LABEL = re.compile(r"[^\w .+-]")


class SetMissing(Invalid):
    """The folder has no truth.json that can be read, or a file that it names is missing."""

    code = "evaluation.set_missing"


class BarsMissing(Invalid):
    """The file of bars cannot be read."""

    code = "evaluation.bars_missing"


def read_set(folder: Path) -> LabelledSet:
    """Return the labelled set of a folder, or raise ``evaluation.set_*``."""
    data = read_at_most(folder / TRUTH, TRUTH_LIMIT_BYTES)
    if data is None:
        raise SetMissing(f"{folder / TRUTH} cannot be read.", file=TRUTH)
    if len(data) > TRUTH_LIMIT_BYTES:
        raise SetMissing(f"{TRUTH} has more than 16 MiB.")
    try:
        truth = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SetMissing(f"{TRUTH} is not JSON.") from error
    labelled = labelled_set(truth)
    for case in labelled.cases:
        if Path(case.file).name != case.file:
            raise SetMissing(f"{case.file[:80]!r} is not the name of a file beside {TRUTH}.")
        if not (folder / case.file).is_file():
            raise SetMissing(f"{folder / case.file} is missing.", file=case.file)
    return labelled


def loader(folder: Path) -> Callable[[str], bytes]:
    """Return what reads a picture of a folder; one that is too large is refused as a picture."""

    def load(file: str) -> bytes:
        data = read_at_most(folder / file, PICTURE_LIMIT_BYTES)
        if data is None:
            raise SetMissing(f"{folder / file} cannot be read.", file=file)
        return data

    return load


def read_bars(path: Path | None) -> Mapping[str, Decimal]:
    """Return the bars of a TOML or JSON file, or raise ``evaluation.bars_*``."""
    if path is None:
        return {}
    data = read_at_most(path, BARS_LIMIT_BYTES)
    if data is None:
        raise BarsMissing(f"{path} cannot be read.")
    try:
        text = data[:BARS_LIMIT_BYTES].decode()
        if path.suffix == ".toml":
            document: Any = tomllib.loads(text, parse_float=Decimal)
        else:
            document = json.loads(text, parse_float=Decimal, parse_constant=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise BarsInvalid(f"{path} is neither TOML nor JSON.") from error
    return wanted_bars(document)


@contextmanager
def several_at_once() -> Iterator[Each]:
    """Yield what reads one file per core at once, in order."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    pool = ThreadPoolExecutor(min(READERS_MAX, cores))
    try:
        yield pool.map
    finally:
        pool.shutdown(cancel_futures=True)


def show_evaluation(screen: Screen, found: Evaluation, bars: Sequence[Bar]) -> None:
    """Show what was found, without a name, a number or a text of any picture."""
    fields = [(name, *_rate(rate)) for name, rate in found.fields.items()]
    screen.show(table(("field", ">read right", ">wrong", ">not read"), fields), "")
    for name, group in GROUPS.items():
        screen.show(_group_table(name, found.grouped(group)), "")
    screen.show(table(("measure", "value"), _measures(found)))
    if bars:
        screen.show("", _bar_table(bars))


def _rate(rate: FieldRate) -> tuple[str, int, int]:
    return _percent(rate.exact, rate.total), rate.wrong, rate.unread


def _percent(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({100 * part // whole} %)" if whole else "")


def _label(text: str) -> str:
    return _NO_LABEL.sub("", text)[:30] or "none"


def _group_table(name: str, groups: Mapping[str, Sequence[CaseResult]]) -> RenderableType:
    rows = []
    for label, results in groups.items():
        honest = [one for one in results if one.case.approve]
        approved = _percent(sum(one.is_approved for one in honest), len(honest))
        read = rates(results)
        cells = [_cell(read.get(field, FieldRate())) for field in GROUP_FIELDS]
        rows.append((_label(label), len(results), approved, *cells))
    heads = (f"by {name}", ">pictures", ">honest approved", *(f">{one}" for one in GROUP_FIELDS))
    return table(heads, rows)


def _cell(rate: FieldRate) -> str:
    return f"{rate.exact}/{rate.wrong}/{rate.unread}" if rate.total else ""


def _measures(found: Evaluation) -> list[tuple[str, object]]:
    median, late = found.milliseconds
    attacks = dict(found.false_approvals)
    summed = found.summary()
    memory = "unknown" if found.memory_mib is None else f"{found.memory_mib} MiB"
    hard = _percent(summed["approved_hard"], summed["honest_hard"])
    decisions = ", ".join(f"{name} {count}" for name, count in summed["decisions"].items())
    return [
        ("decisions", decisions),
        ("honest receipts approved (not hard)", _percent(found.approved, found.honest)),
        ("honest receipts approved (hard)", hard),
        ("false approvals", sum(attacks.values())),
        *((f"  of {_label(attack)}", count) for attack, count in attacks.items()),
        ("edits no text can show, approved (apart)", found.approved_apart),
        ("other pictures taken for receipts", found.others_taken_for_receipts),
        ("pictures whose reading broke off", len(summed["broken_off"])),
        ("kept back for the true reason", _percent(*found.true_reasons)),
        ("milliseconds per picture (median, 95 %)", f"{median}, {late}"),
        ("peak memory, all processes", memory),
        ("read by", ", ".join(found.versions)),
        ("judged by", f"rules {summed['rules']}, tables {summed['tables']}"),
    ]


def _bar_table(bars: Sequence[Bar]) -> RenderableType:
    rows = [
        (
            bar.figure,
            f"at {'most' if bar.is_ceiling else 'least'} {bar.wanted}",
            "not measured" if bar.seen is None else _decimal(bar.seen),
            "missed" if bar.is_missed else "held" if bar.seen is not None else "",
        )
        for bar in bars
    ]
    return table(("bar", ">wanted", ">seen", "result"), rows)


def _decimal(value: Fraction) -> str:
    """Return a figure with two decimals, cut, so that a missed bar never looks held."""
    hundredths = value.numerator * 100 // value.denominator
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def bars_as_data(bars: Sequence[Bar]) -> list[Mapping[str, object]]:
    """Return the bars as plain values."""
    return [
        {
            "figure": bar.figure,
            "wanted": bar.wanted,
            "seen": None if bar.seen is None else _decimal(bar.seen),
            "missed": bar.is_missed,
        }
        for bar in bars
    ]
