"""`kasa worker`: the process that runs jobs and the schedule."""

import signal

import click

from kasa.entrypoints.bootstrap_database import held_database
from kasa.entrypoints.cli.failures import Exit
from kasa.entrypoints.cli.kept import keep
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.settings import Settings
from kasa.entrypoints.worker.supervisor import Supervisor


@click.command
@asked
def worker(request: Request) -> None:
    r"""Run jobs and the schedule until stopped; as many workers as you like may run.

    SIGTERM or Ctrl-C: running jobs end first, within 30 s; what does not end goes back to the
    queue. A second signal stops now. Stopped by SIGTERM it exits with 0, by Ctrl-C with 130.

    \b
    Examples:
      kasa worker
      KASA_LOG_LEVEL=debug kasa worker
    """
    settings = Settings.from_env()
    with held_database(settings) as ensure:
        supervisor = Supervisor(prepare=ensure, tell=request.screen.say)
        caught = keep([supervisor])
    request.screen.say("The worker has stopped.")
    request.screen.answer({"restarts": supervisor.restarts})
    if signal.SIGINT in caught:
        click.get_current_context().exit(Exit.INTERRUPTED)
