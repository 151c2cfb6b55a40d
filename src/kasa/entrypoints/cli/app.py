"""The command `kasa` and everything below it."""

import os
import signal
import sys
import traceback
from collections.abc import Sequence

import click

from kasa import __version__
from kasa.entrypoints.bootstrap import open_kasa, open_tools
from kasa.entrypoints.cli.account import account
from kasa.entrypoints.cli.alert import alert
from kasa.entrypoints.cli.bench import bench
from kasa.entrypoints.cli.database import db
from kasa.entrypoints.cli.demo import demo
from kasa.entrypoints.cli.doctor import doctor
from kasa.entrypoints.cli.failures import Exit, failure
from kasa.entrypoints.cli.invoice import invoice
from kasa.entrypoints.cli.jobs import jobs
from kasa.entrypoints.cli.khqr import khqr
from kasa.entrypoints.cli.match import match
from kasa.entrypoints.cli.openapi import openapi
from kasa.entrypoints.cli.payment import payment
from kasa.entrypoints.cli.request import Openers, Request, with_options
from kasa.entrypoints.cli.review import review
from kasa.entrypoints.cli.serve import everything, serve
from kasa.entrypoints.cli.setup import setup
from kasa.entrypoints.cli.stock import stock
from kasa.entrypoints.cli.tenant import tenant
from kasa.entrypoints.cli.user import user
from kasa.entrypoints.cli.worker import worker
from kasa.entrypoints.settings import Settings

EXITS = """\b
Exit codes:
  0 ok           3 environment    6 conflict or duplicate
  1 bug          4 not found      7 throttled or unavailable
  2 bad input    5 refused        130 interrupted
"""


@click.group(
    name="kasa",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXITS,
)
@click.version_option(__version__, "--version", prog_name="kasa")
def kasa() -> None:
    r"""Issue invoices, read receipts, decide, and keep the stock right.

    \b
    Examples:
      kasa demo
      kasa invoice list --tenant "Sokha Textiles"
      kasa payment check receipt.jpg --json
    """


for part in (
    account,
    alert,
    bench,
    db,
    demo,
    doctor,
    everything,
    invoice,
    jobs,
    khqr,
    match,
    openapi,
    payment,
    review,
    serve,
    setup,
    stock,
    tenant,
    user,
    worker,
):
    kasa.add_command(part)


def _prepare(command: click.Command) -> None:
    with_options(command)
    if command.help is not None:
        command.help = command.help.replace(r"\b", "\b")
    if isinstance(command, click.Group):
        for child in command.commands.values():
            _prepare(child)


_prepare(kasa)


def run(arguments: Sequence[str], openers: Openers) -> int:
    """Run one command line and return its exit code; nothing is raised."""
    request = Request(openers)
    request.json = "--json" in arguments
    try:
        ended = kasa.main(
            args=list(arguments), prog_name="kasa", obj=request, standalone_mode=False
        )
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the edge of the program
        ended = failure(error)
        if ended.exit is Exit.FAILED and os.environ.get("KASA_LOG_LEVEL") == "debug":
            traceback.print_exception(error)
        request.screen.fail(ended)
        return ended.exit
    return ended if isinstance(ended, int) else Exit.OK


def main() -> None:
    """Run the command line of this process; SIGTERM interrupts it as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    here = Openers(
        stored=lambda: open_kasa(Settings.from_env()),
        tools=lambda: open_tools(Settings.from_env()),
    )
    sys.exit(run(sys.argv[1:], here))
