"""What an evaluation found: per case, and summed up; no name or number is in the sums."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from kasa.application.payments.labelled import LabelledCase, LabelledSet, digits_of
from kasa.domain.kernel.moments import zone
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.evidence import PaymentEvidence, Precision
from kasa.domain.payments.matching import Decision, MatchVerdict
from kasa.domain.payments.names import NameLikeness, likeness
from kasa.domain.payments.recognition import Effort

RECEIPTS = frozenset({"receipt", "received", "scheduled", "pending", "failed", "confirm"})
"""Kinds of labelled pictures that are screens of a transfer, finished or not."""

PERCENTILE = 95


@attrs.frozen(kw_only=True)
class FieldScore:
    """How one field was read: ``exact``, ``wrong``, or not at all (``unread``)."""

    field: str
    outcome: str


@attrs.frozen(kw_only=True)
class CaseResult:
    """One file: what was read and decided, how it was labelled, how long it took.

    ``broken`` names the attacks that it was approved for.
    """

    case: LabelledCase
    verdict: MatchVerdict
    evidence: PaymentEvidence
    scores: tuple[FieldScore, ...]
    efforts: tuple[Effort, ...]
    milliseconds: int
    broken: tuple[str, ...] = ()

    @property
    def is_approved(self) -> bool:
        """Whether the machine approved it."""
        return self.verdict.decision is Decision.APPROVE

    @property
    def is_false_approval(self) -> bool:
        """Whether it was approved though a person has to look, by what text can show."""
        return self.is_approved and not self.case.approve and not self.case.is_apart

    def as_data(self, *, with_read: bool = True) -> Mapping[str, Any]:
        """Return it as plain values; ``read`` is left out where the labels are hashed."""
        data: dict[str, Any] = {
            "file": self.case.file,
            "decision": self.verdict.decision.value,
            "points": self.verdict.points,
            "reasons": [reason.value for reason in self.verdict.reasons],
        }
        if with_read:
            data["read"] = _read(self.evidence)
        return {**data, "milliseconds": self.milliseconds}


@attrs.frozen(kw_only=True)
class FieldRate:
    """How often a field was read exactly, wrongly, or not at all."""

    exact: int = 0
    wrong: int = 0
    unread: int = 0

    @property
    def total(self) -> int:
        """How many pictures print it."""
        return self.exact + self.wrong + self.unread


@attrs.frozen(kw_only=True)
class Evaluation:
    """The whole set; ``false_approvals`` counts by attack, those of the attack set with them.

    ``honest`` and ``approved`` count receipts labelled to be approved that are not hard;
    ``approved_apart`` are approvals of edits that no text can show.
    """

    results: tuple[CaseResult, ...]
    versions: tuple[str, ...]
    salted: bool = False

    def _honest(self, *, hard: bool) -> list[CaseResult]:
        return [one for one in self.results if one.case.approve and one.case.hard is hard]

    @property
    def honest(self) -> int:
        """How many honest receipts that are not hard the set holds."""
        return len(self._honest(hard=False))

    @property
    def approved(self) -> int:
        """How many of them were approved."""
        return sum(one.is_approved for one in self._honest(hard=False))

    @property
    def false_approvals(self) -> Mapping[str, int]:
        """How many approvals were wrong, by attack; the attack set counts as ``set:name``."""
        labelled = Counter(
            one.case.attack or "undecidable" for one in self.results if one.is_false_approval
        )
        made = Counter(f"set:{name}" for one in self.results for name in one.broken)
        return dict(sorted((labelled + made).items()))

    @property
    def approved_apart(self) -> int:
        """How many edits that no text can show were approved."""
        return sum(one.is_approved for one in self.results if one.case.is_apart)

    @property
    def others_taken_for_receipts(self) -> int:
        """How many pictures of something else passed the gate that asks for a receipt."""
        return sum(
            one.verdict.outcome("receipt").result.value == "match"
            for one in self.results
            if one.case.printed.kind not in RECEIPTS
        )

    @property
    def fields(self) -> Mapping[str, FieldRate]:
        """How each field was read, over the pictures that print it."""
        return rates(self.results)

    def by(self, group: str) -> Mapping[str, Mapping[str, FieldRate]]:
        """Return the field rates per ``layout`` or per ``degrade`` (capture)."""
        names = sorted({getattr(one.case, group) for one in self.results})
        return {
            name: rates([one for one in self.results if getattr(one.case, group) == name])
            for name in names
        }

    @property
    def milliseconds(self) -> tuple[int, int]:
        """The median and the 95th percentile of the time per picture."""
        times = sorted(one.milliseconds for one in self.results) or [0]
        return times[len(times) // 2], times[min(len(times) - 1, len(times) * PERCENTILE // 100)]

    def summary(self) -> Mapping[str, Any]:
        """Return the sums as plain values."""
        median, late = self.milliseconds
        return {
            "files": len(self.results),
            "honest": self.honest,
            "approved": self.approved,
            "honest_hard": len(self._honest(hard=True)),
            "approved_hard": sum(one.is_approved for one in self._honest(hard=True)),
            "false_approvals": sum(self.false_approvals.values()),
            "false_approvals_by_attack": dict(self.false_approvals),
            "approved_apart": self.approved_apart,
            "others_taken_for_receipts": self.others_taken_for_receipts,
            "decisions": dict(
                sorted(Counter(one.verdict.decision.value for one in self.results).items())
            ),
            "fields": {name: attrs.asdict(rate) for name, rate in self.fields.items()},
            "milliseconds_median": median,
            "milliseconds_p95": late,
            "versions": list(self.versions),
        }

    def as_data(self) -> Mapping[str, Any]:
        """Return cases and sums as plain values, ready for JSON."""
        return {
            "cases": [one.as_data(with_read=not self.salted) for one in self.results],
            "summary": self.summary(),
        }


def rates(results: Sequence[CaseResult]) -> Mapping[str, FieldRate]:
    """Return how each field was read over some results."""
    counted = Counter((score.field, score.outcome) for one in results for score in one.scores)
    return {
        field: FieldRate(
            exact=counted[field, "exact"],
            wrong=counted[field, "wrong"],
            unread=counted[field, "unread"],
        )
        for field in dict.fromkeys(field for field, _ in sorted(counted))
    }


def _read(evidence: PaymentEvidence) -> Mapping[str, Any]:
    amount = evidence.known(evidence.amount)
    unit = amount.currency if amount else evidence.known(evidence.currency)
    paid_at = evidence.known(evidence.paid_at)
    recipient = evidence.known(evidence.recipient_name)
    return {
        "amount": amount.text if amount else None,
        "currency": unit.code if unit else None,
        "paid_at": paid_at.astimezone(zone(BANK_ZONE)).isoformat() if paid_at else None,
        "recipient": recipient or evidence.known(evidence.recipient_account),
        "references": _references(evidence),
    }


def _references(evidence: PaymentEvidence) -> list[str]:
    values = (evidence.known(reading) for _, reading in sorted(evidence.references.items()))
    return [value for value in values if value is not None]


def scores_of(
    case: LabelledCase, labelled: LabelledSet, evidence: PaymentEvidence
) -> tuple[FieldScore, ...]:
    """Return how each field that a picture prints was read."""
    return tuple(_scores(case, labelled, evidence))


def _scores(
    case: LabelledCase, labelled: LabelledSet, evidence: PaymentEvidence
) -> Iterable[FieldScore]:
    printed = case.printed
    if printed.amount is not None:
        amount = evidence.known(evidence.amount)
        yield _score("amount", amount, printed.amount)
    if printed.paid_at is not None:
        seen = evidence.known(evidence.paid_at)
        if seen is not None and evidence.precision is not Precision.SECOND:
            seen = seen.replace(second=printed.paid_at.second)
        yield _score("moment", seen, printed.paid_at)
    if printed.payee_account is not None:
        account = evidence.known(evidence.recipient_account)
        yield _score(
            "payee_account", account and digits_of(account), digits_of(printed.payee_account)
        )
    if printed.payee_name is not None and printed.kind in RECEIPTS:
        name = evidence.known(evidence.recipient_name)
        same = name and likeness(name, printed.payee_name) >= NameLikeness.SHORT
        yield _score("payee_name", None if name is None else bool(same), wanted=True)
    for field, wanted in (("reference", printed.references), ("hash", printed.hashes)):
        yield from _id_scores(field, wanted, labelled, evidence)


def _id_scores(
    field: str, wanted: Sequence[str], labelled: LabelledSet, evidence: PaymentEvidence
) -> Iterable[FieldScore]:
    seen = [
        value
        for scheme, reading in evidence.references.items()
        if (value := evidence.known(reading)) is not None
        and scheme.startswith("bakong.") is (field == "hash")
    ]
    for one in wanted:
        found = next((value for value in seen if labelled.shows(one, value)), None)
        missed = None if len(seen) < len(wanted) else False
        yield _score(field, True if found else missed, wanted=True)


def _score(field: str, seen: object, wanted: object) -> FieldScore:
    if seen is None:
        return FieldScore(field=field, outcome="unread")
    return FieldScore(field=field, outcome="exact" if seen == wanted else "wrong")
