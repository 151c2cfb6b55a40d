"""`kasa user`: people of this installation, as the operator of the machine sees them."""

import click

from kasa.domain.identity.access import PlatformActor
from kasa.domain.identity.user import User
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table

MACHINE = PlatformActor(operator=True)
"""Whoever may run commands on the machine."""


@click.group
def user() -> None:
    r"""People who sign in to this installation.

    \b
    Examples:
      kasa user show sokha@example.com
      kasa user operator sokha@example.com on
      kasa user disable sokha@example.com
    """


@user.command("show")
@click.argument("email")
@asked
def show(request: Request, *, email: str) -> None:
    """Show whether a person may sign in, with how many factors, and whether they operate kasa."""
    with request.open() as opened:
        found = opened.kasa.identity.operators.find(MACHINE, email)
    _tell(request, found)


@user.command("operator")
@click.argument("email")
@click.argument("switch", type=click.Choice(["on", "off"]))
@asked
def operator(request: Request, *, email: str, switch: str) -> None:
    """Let a person operate this installation, or not any more; it acts on their next request."""
    with request.open() as opened:
        set_operator = opened.kasa.identity.operators.set_operator
        found = opened.do(set_operator, MACHINE, email, on=switch == "on")
    if found.operator and not found.has_second_factor:
        request.screen.say("They get in as soon as they have a second factor.", "dim")
    _tell(request, found)


@user.command("disable")
@click.argument("email")
@asked
def disable(request: Request, *, email: str) -> None:
    """Keep a person out, and sign them out everywhere."""
    _enable(request, email, on=False)


@user.command("enable")
@click.argument("email")
@asked
def enable(request: Request, *, email: str) -> None:
    """Let a disabled person in again."""
    _enable(request, email, on=True)


def _enable(request: Request, email: str, *, on: bool) -> None:
    with request.open() as opened:
        operators = opened.kasa.identity.operators
        found = operators.find(MACHINE, email)
        done = opened.do(operators.set_enabled, MACHINE, found.id, on=on)
    _tell(request, done)


def _tell(request: Request, found: User) -> None:
    facts = {
        "id": found.id,
        "email": found.email,
        "name": found.name,
        "enabled": found.is_enabled,
        "operator": found.operator,
        "second_factor": found.has_second_factor,
    }
    rows = [(one.replace("_", " "), str(said)) for one, said in facts.items()]
    request.screen.show(table(("what", ""), rows))
    request.screen.answer(facts)
