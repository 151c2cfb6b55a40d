"""`kasa jobs`: work that gave up, running it again, and the schedule."""

import click

from kasa.domain.kernel.events import JobFailed
from kasa.domain.kernel.ids import EventId
from kasa.entrypoints.cli.given import identifier, naming
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.shown.events import FailureShown
from kasa.entrypoints.shown.plain import moment


@click.group
def jobs() -> None:
    r"""Jobs that gave up, and the schedule.

    \b
    Examples:
      kasa jobs list
      kasa jobs retry 0193a5c4-6f00-7000-8000-000000000001
      kasa jobs sweeps
    """


@jobs.command("list")
@click.option("--all", "every", is_flag=True, help="Also those that were run again since.")
@asked
def list_jobs(request: Request, *, every: bool) -> None:
    """List the jobs that gave up and were not run again since, newest first."""
    with request.open() as opened:
        queries, reader = opened.kasa.operations.queries, request.reader(opened)
        found = queries.failed_jobs(reader).items if every else queries.open_failures(reader)
    failed = [(one, one.event) for one in found if isinstance(one.event, JobFailed)]
    rows = [(one.id, moment(one.at), event.reaction, event.code) for one, event in failed]
    request.screen.show(table(("failure", "at", "reaction", "code"), rows))
    request.screen.answer({"items": [FailureShown.of(one) for one, _ in failed]})


@jobs.command("retry")
@click.argument("failure")
@asked
def retry_job(request: Request, *, failure: str) -> None:
    """Run a failed job again; FAILURE is the id that `kasa jobs list` shows."""
    with request.open() as opened:
        actor, wanted = request.actor(opened, "jobs.retry"), identifier(failure, "failed job")
        with naming("failed job", failure):
            put_back = opened.do(opened.kasa.operations.retry_job, actor, EventId(wanted))
        ran = opened.work_off()
    request.screen.say(f"{put_back.reaction} was put back; {ran} jobs ran.")
    request.screen.answer({"reaction": put_back.reaction, "event": put_back.event, "ran": ran})


@jobs.command("sweeps")
@asked
def list_sweeps(request: Request) -> None:
    """List what `kasa worker` runs at set times (UTC), and what came of it."""
    with request.open() as opened:
        rows = opened.sweeps()
    shown = [
        (
            row.name,
            row.cron,
            "" if row.ended_at is None else moment(row.ended_at),
            "" if row.took is None else f"{row.took.total_seconds():.1f} s",
            row.code or row.found,
        )
        for row in rows
    ]
    request.screen.show(table(("sweep", "schedule", "ended", ">took", ">found"), shown))
    request.screen.answer({"items": rows})
