"""A verdict that was judged again, as people read it: the same, or what changed."""

import click

from kasa.application.payments.replaying import Replayed
from kasa.domain.payments.matching import MatchVerdict, RuleOutcome
from kasa.entrypoints.cli.failures import Exit
from kasa.entrypoints.cli.request import Request
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.shown.plain import plain


def show_replayed(request: Request, done: Replayed) -> None:
    """Show both verdicts and every row that changed; end with 1 when the answer is another."""
    if done.has_other_versions:
        request.screen.warn(f"Judged then by {_versions(done.then)}, now by {_versions(done.now)}.")
    heads = ("verdict", "decision", ">points", "reasons")
    rows = [_verdict_row(name, one) for name, one in (("then", done.then), ("now", done.now))]
    request.screen.show(table(heads, rows))
    if done.changes:
        changed = [(one.rule, _row(one.then), _row(one.now)) for one in done.changes]
        request.screen.show("", table(("check", "then", "now"), changed))
    same = "The same verdict." if done.is_same else "Another verdict than it was."
    request.screen.show("", same)
    request.screen.answer(
        {**plain(done), "same": done.is_same, "other_versions": done.has_other_versions}
    )
    if not done.is_same:
        click.get_current_context().exit(Exit.FAILED)


def _versions(verdict: MatchVerdict) -> str:
    return f"rules {verdict.versions.rules}, tables {verdict.versions.tables}"


def _verdict_row(name: str, verdict: MatchVerdict) -> tuple[object, ...]:
    reasons = ", ".join(reason.value for reason in verdict.reasons)
    return name, verdict.decision.value, verdict.points, reasons


def _row(row: RuleOutcome | None) -> str:
    if row is None:
        return "no such check"
    parts = [row.result.value, f"{row.points} points", f"cap {row.cap}", row.code or ""]
    parts += [f"expected {row.expected}"] if row.expected else []
    parts += [f"seen {row.seen}"] if row.seen else []
    return ", ".join(part for part in parts if part)
