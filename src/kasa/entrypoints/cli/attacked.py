"""A receipt under the attack set, as people read it: each lie and how it was judged."""

from collections.abc import Sequence

import attrs
import click

from kasa.application.payments.attacking import Attacked
from kasa.domain.kernel.money import Money
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.matching import Decision, MatchVerdict
from kasa.entrypoints.cli.failures import Exit
from kasa.entrypoints.cli.request import Request
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.plain import plain


def expected_of(
    opened: OpenKasa, amount: Money, names: Sequence[str], numbers: Sequence[str]
) -> ExpectedPayment:
    """Return what is due, by what somebody typed; its days are left to the picture."""
    now = opened.now()
    digits = ["".join(letter for letter in one if letter.isdigit()) for one in numbers]
    due = ExpectedPayment.of(amount, names, digits, issued_at=now, submitted_at=now)
    return attrs.evolve(due, issued_at=None)


def show_attacked(request: Request, found: Attacked) -> None:
    """Show the verdict without a lie and under each; end with 1 when a lie is believed."""
    rows = [("(no lie)", "", *_judged(found.honest))]
    rows += [(one.name, one.lie, *_judged(one.verdict)) for one in found.attempts]
    heads = ("attack", "lie", "decision", ">points", "reasons")
    request.screen.show(table(heads, rows), "")
    approved = found.approved
    if found.honest.decision is not Decision.APPROVE:
        request.screen.warn("Without a lie it is not approved either: this proves little.")
    if approved:
        request.screen.show(f"Believed: {', '.join(approved)}.")
    else:
        request.screen.show(f"None of {len(found.attempts)} lies is believed.")
    request.screen.answer({**plain(found), "approved": approved})
    if approved:
        click.get_current_context().exit(Exit.FAILED)


def _judged(verdict: MatchVerdict) -> tuple[str, str, str]:
    reasons = ", ".join(reason.value for reason in verdict.reasons)
    return verdict.decision.value, str(verdict.points), reasons
