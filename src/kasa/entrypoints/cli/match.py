"""`kasa match`: why a picture is judged as it is, and how well a labelled set is judged."""

from pathlib import Path

import attrs
import click

from kasa import __version__
from kasa.application.payments.bars import bars_of
from kasa.application.payments.replaying import (
    SAVED_LIMIT_BYTES,
    SavedMissing,
    SavedVerdict,
    replay,
)
from kasa.application.payments.scoring import CaseResult
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import Money, currency
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.entrypoints.bootstrap import saved_text, saved_verdict, teller
from kasa.entrypoints.cli.attacked import expected_of, show_attacked
from kasa.entrypoints.cli.evaluation import (
    bars_as_data,
    loader,
    read_bars,
    read_set,
    several_at_once,
    show_evaluation,
)
from kasa.entrypoints.cli.failures import Exit
from kasa.entrypoints.cli.files import read_at_most, refuse_existing, write_new
from kasa.entrypoints.cli.given import invoice_id
from kasa.entrypoints.cli.measured import PeakMemory
from kasa.entrypoints.cli.payment import look, read_picture, show_explained
from kasa.entrypoints.cli.replayed import show_replayed
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.verdict import Spoken, spoken, summary

KHMER = "khm"
BOTH = "both"
ENGINES = ("tesseract", BOTH)


class ExpectationTwice(Invalid):
    """Say what is due by --invoice, or by --amount with its receiver, not by both."""

    code = "attack.expectation_twice"


class ExpectationHalf(Invalid):
    """With --recipient or --account also say the --amount that is due."""

    code = "attack.amount_missing"


@click.group
def match() -> None:
    r"""Why a picture is judged as it is.

    \b
    Examples:
      kasa match explain receipt.jpg --invoice INV-2026-000001
      kasa match explain receipt.jpg --invoice INV-2026-000001 --save verdict.json
      kasa match replay verdict.json
      kasa match attack receipt.jpg --invoice INV-2026-000001
      kasa match evaluate slips --bars bars.toml --json > evaluation.json
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


@match.command("attack")
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("--invoice", "number", help="The invoice it should pay.")
@click.option("--amount", help="What is due, without an invoice.")
@click.option("--currency", "unit", default="KHR", show_default=True)
@click.option("--recipient", "names", multiple=True, help="An accepted name of the receiver.")
@click.option("--account", "numbers", multiple=True, help="An accepted account of the receiver.")
@asked
def attack(  # one argument for each option of the command
    request: Request,
    *,
    picture: Path,
    number: str | None,
    amount: str | None,
    unit: str,
    names: tuple[str, ...],
    numbers: tuple[str, ...],
) -> None:
    """Judge a receipt under every lie of the attack set; ends with 1 when one is believed.

    What is due is the invoice, else the options, else what the picture itself shows.
    """
    if number is not None and (amount is not None or names or numbers):
        raise ExpectationTwice
    if amount is None and (names or numbers):
        raise ExpectationHalf
    data = read_picture(picture)
    with request.open() if number is not None else request.tools() as opened:
        due: ExpectedPayment | None = None
        with request.screen.waiting("Reading the picture ..."):
            if number is not None:
                reader = request.reader(opened)
                wanted = invoice_id(opened, reader, number)
                due = opened.kasa.payments.explain(reader, data, wanted).inputs.expected[0]
            elif amount is not None:
                due = expected_of(opened, Money.parse(amount, currency(unit)), names, numbers)
            found = opened.kasa.payments.attack(data, due)
    show_attacked(request, found)


@match.command("evaluate")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--bars", type=click.Path(path_type=Path), help="Floors per figure, TOML or JSON.")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    show_default=True,
    help="Whether a second engine reads what stays unclear; it has to be installed.",
)
@asked
def evaluate(request: Request, *, folder: Path, bars: Path | None, engine: str) -> None:
    """Judge the pictures of FOLDER in the order of its truth.json, and count what went wrong.

    Ends with 1 when a receipt was approved that should not have been, or when a bar is missed.
    """
    labelled, wanted = read_set(folder), read_bars(bars)
    memory, screen = PeakMemory(), request.screen
    counting = screen.counting("Reading pictures", len(labelled.cases))
    with request.tools() as opened, several_at_once() as each, counting as step:

        def told(_: CaseResult) -> None:
            memory.sample()
            step()

        found = opened.kasa.payments.evaluate(
            labelled,
            loader(folder),
            both_engines=engine == BOTH,
            told=told,
            each=each,
        )
    found = attrs.evolve(found, memory_mib=memory.mib)
    judged = bars_of(wanted, found.figures)
    if not any(KHMER in version for version in found.versions):
        screen.warn("Khmer is not read: apt-get install tesseract-ocr-khm")
    show_evaluation(screen, found, judged)
    screen.answer({**found.as_data(), "bars": bars_as_data(judged)})
    if sum(found.false_approvals.values()) or any(bar.is_missed for bar in judged):
        click.get_current_context().exit(Exit.FAILED)
