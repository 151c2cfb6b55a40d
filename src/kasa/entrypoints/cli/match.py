"""`kasa match`: why a picture is judged as it is, and how well a labelled set is judged."""

import json
from pathlib import Path

import attrs
import click

from kasa import __version__
from kasa.application.payments.labelled import LabelledSet, labelled_set
from kasa.application.payments.replaying import (
    SAVED_LIMIT_BYTES,
    SavedMissing,
    SavedVerdict,
    replay,
)
from kasa.application.payments.scoring import CaseResult, Evaluation
from kasa.domain.kernel.errors import Invalid
from kasa.entrypoints.bootstrap import saved_text, saved_verdict, teller
from kasa.entrypoints.cli.failures import Exit
from kasa.entrypoints.cli.files import read_at_most, refuse_existing, write_new
from kasa.entrypoints.cli.payment import look, show_explained
from kasa.entrypoints.cli.replayed import show_replayed
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import Screen, table
from kasa.entrypoints.cli.verdict import Spoken, spoken, summary

TRUTH = "truth.json"
TRUTH_LIMIT_BYTES = 16 * 2**20
KHMER = "khm"


class SetMissing(Invalid):
    """The folder has no truth.json that can be read, or a file that it names is missing."""

    code = "evaluation.set_missing"


@click.group
def match() -> None:
    r"""Why a picture is judged as it is.

    \b
    Examples:
      kasa match explain receipt.jpg --invoice INV-2026-000001
      kasa match explain receipt.jpg --invoice INV-2026-000001 --save verdict.json
      kasa match replay verdict.json
      kasa match evaluate slips --json > evaluation.json
    """


@match.command("explain")
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("--invoice", "number", required=True, help="The invoice it should pay.")
@click.option("--save", type=click.Path(path_type=Path), help="Write all of it to a new file.")
@spoken
@asked
def explain(
    request: Request, *, picture: Path, number: str, save: Path | None, spoken: Spoken
) -> None:
    """Show every field read, every gate and rule with its points, and the verdict in words.

    With --save also write what was judged and the verdict to a file for `kasa match replay`.
    """
    if save is not None:
        refuse_existing(save)
    looked = look(request, picture, number, spoken)
    if save is not None:
        saved = SavedVerdict(
            kasa=__version__,
            made_at=looked.seen.inputs.at,
            inputs=looked.seen.inputs,
            verdict=looked.seen.verdict,
            words=attrs.asdict(looked.text),
        )
        write_new(save, saved_text(saved).encode(), private=True)
        request.screen.warn(f"{save} holds names, account numbers and references: keep it private.")
    show_explained(request, looked, explained=True)


@match.command("replay")
@click.argument("file", type=click.Path(path_type=Path))
@spoken
@asked
def replay_saved(request: Request, *, file: Path, spoken: Spoken) -> None:
    """Judge a verdict saved by `explain --save` again, offline; ends with 1 when it differs."""
    data = read_at_most(file, SAVED_LIMIT_BYTES)
    if data is None:
        raise SavedMissing(f"{file} cannot be read.")
    saved = saved_verdict(data)
    done = replay(saved.inputs, saved.verdict)
    text = teller()(saved.inputs, done.now, audience=spoken.audience, language=spoken.language)
    request.screen.show(summary(text), "")
    show_replayed(request, done)


@match.command("evaluate")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@asked
def evaluate(request: Request, *, folder: Path) -> None:
    """Judge the pictures of FOLDER in the order of its truth.json, and count what went wrong.

    Ends with 1 when a receipt was approved that should not have been.
    """
    labelled = _set(folder)
    with request.tools() as opened:
        screen = request.screen
        with screen.counting("Reading pictures", len(labelled.cases)) as step:

            def told(_: CaseResult) -> None:
                step()

            found = opened.kasa.payments.evaluate(
                labelled, lambda file: _bytes(folder / file), told=told
            )
    if not any(KHMER in version for version in found.versions):
        screen.warn("Khmer is not read: apt-get install tesseract-ocr-khm")
    _show(screen, found)
    screen.answer(found.as_data())
    if sum(found.false_approvals.values()):
        click.get_current_context().exit(Exit.FAILED)


def _set(folder: Path) -> LabelledSet:
    data = _bytes(folder / TRUTH)
    if len(data) > TRUTH_LIMIT_BYTES:
        raise SetMissing(f"{TRUTH} has more than 16 MiB.")
    try:
        truth = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SetMissing(f"{TRUTH} is not JSON.") from error
    labelled = labelled_set(truth)
    for case in labelled.cases:
        if Path(case.file).name != case.file:
            raise SetMissing(f"{case.file[:80]} is not the name of a file beside {TRUTH}.")
    return labelled


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SetMissing(f"{path} cannot be read.", file=path.name) from error


def _percent(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({100 * part // whole} %)" if whole else "")


def _show(screen: Screen, found: Evaluation) -> None:
    fields = [
        (name, _percent(rate.exact, rate.total), rate.wrong, rate.unread)
        for name, rate in found.fields.items()
    ]
    median, late = found.milliseconds
    attacks = dict(found.false_approvals)
    counts = [
        ("honest receipts approved (not hard)", _percent(found.approved, found.honest)),
        ("false approvals", sum(attacks.values())),
        *((f"  of {attack}", count) for attack, count in attacks.items()),
        ("edits no text can show, approved (apart)", found.approved_apart),
        ("other pictures taken for receipts", found.others_taken_for_receipts),
        ("milliseconds per picture (median, 95 %)", f"{median}, {late}"),
        ("read by", ", ".join(found.versions)),
    ]
    screen.show(table(("field", ">read right", ">wrong", ">not read"), fields), "")
    screen.show(table(("measure", "value"), counts))
