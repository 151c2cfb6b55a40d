"""What an evaluation found: per case, and summed up; no name or number is in the sums."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs

from kasa.application.payments.field_scores import RECEIPTS, FieldScore
from kasa.application.payments.labelled import LabelledCase
from kasa.application.payments.true_reasons import has_true_reason
from kasa.domain.kernel.moments import zone
from kasa.domain.payments.banks.tables import BANK_ZONE, TABLES_VERSION
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.matching import Decision, MatchVerdict
from kasa.domain.payments.recognition import Effort
from kasa.domain.payments.rules import RULES_VERSION

PERCENTILE = 95
FIELDS = (
    "amount",
    "moment",
    "payee_name",
    "payee_account",
    "reference",
    "main_id",
    "some_reference",
    "aba_ft",
    "hash",
)
"""Fields whose reading is counted, over the pictures that print them."""

Figures = Mapping[str, Fraction | None]
"""Figures by name, rates in percent; None where the set has nothing to measure."""


@attrs.frozen(kw_only=True)
class CaseResult:
    """One file: what was read and decided, how it was labelled, how long it took.

    ``failed``: reading it broke off. ``broken`` names the attacks that it was approved for.
    """

    case: LabelledCase
    verdict: MatchVerdict
    evidence: PaymentEvidence
    scores: tuple[FieldScore, ...]
    efforts: tuple[Effort, ...]
    milliseconds: int
    failed: bool = False
    broken: tuple[str, ...] = ()

    @property
    def is_approved(self) -> bool:
        """Whether the machine approved it."""
        return self.verdict.decision is Decision.APPROVE

    @property
    def is_false_approval(self) -> bool:
        """Whether it was approved though a person has to look, by what text can show."""
        return self.is_approved and not self.case.approve and not self.case.is_apart

    @property
    def has_true_reason(self) -> bool | None:
        """Whether it was kept back for its true reason; None where none is known to be."""
        return None if self.is_approved else has_true_reason(self.case, self.verdict)

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
    memory_mib: int | None = None

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

    @property
    def without_true_reason(self) -> tuple[CaseResult, ...]:
        """Pictures that a person sees, but not for the reason they should."""
        return tuple(one for one in self.results if one.has_true_reason is False)

    @property
    def true_reasons(self) -> tuple[int, int]:
        """How many pictures were kept back for their true reason, and of how many."""
        known = [one for one in self.results if one.has_true_reason is not None]
        return sum(one.has_true_reason is True for one in known), len(known)

    def by(self, group: str) -> Mapping[str, Mapping[str, FieldRate]]:
        """Return the field rates per ``bank``, ``layout`` or ``degrade`` (capture)."""
        return {name: rates(found) for name, found in self.grouped(group).items()}

    def grouped(self, group: str) -> Mapping[str, Sequence[CaseResult]]:
        """Return the results per ``bank``, ``layout`` or ``degrade`` (capture), by name."""
        names = sorted({getattr(one.case, group) for one in self.results})
        return {
            name: [one for one in self.results if getattr(one.case, group) == name]
            for name in names
        }

    @property
    def milliseconds(self) -> tuple[int, int]:
        """The median and the 95th percentile of the time per picture."""
        times = sorted(one.milliseconds for one in self.results) or [0]
        return times[len(times) // 2], times[min(len(times) - 1, len(times) * PERCENTILE // 100)]

    @property
    def figures(self) -> Figures:
        """Every figure that a bar can be set for."""
        hard, (median, late) = self._honest(hard=True), self.milliseconds
        wrong = sum(self.false_approvals.values())
        found: dict[str, Fraction | None] = {
            "approved": percent(self.approved, self.honest),
            "approved_hard": percent(sum(one.is_approved for one in hard), len(hard)),
            "false_approvals": Fraction(wrong),
            "approved_apart": Fraction(self.approved_apart),
            "others_taken_for_receipts": Fraction(self.others_taken_for_receipts),
            "true_reasons": percent(*self.true_reasons),
            "milliseconds_median": Fraction(median),
            "milliseconds_p95": Fraction(late),
            "memory_mib": None if self.memory_mib is None else Fraction(self.memory_mib),
        }
        for field in FIELDS:
            rate = self.fields.get(field, FieldRate())
            found[f"{field}_exact"] = percent(rate.exact, rate.total)
            found[f"{field}_wrong"] = percent(rate.wrong, rate.total)
            found[f"{field}_unread"] = percent(rate.unread, rate.total)
        return found

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
            "broken_off": [one.case.file for one in self.results if one.failed],
            "decisions": dict(
                sorted(Counter(one.verdict.decision.value for one in self.results).items())
            ),
            "fields": _plain(self.fields),
            "by_bank": {name: _plain(found) for name, found in self.by("bank").items()},
            "by_layout": {name: _plain(found) for name, found in self.by("layout").items()},
            "by_capture": {name: _plain(found) for name, found in self.by("degrade").items()},
            "true_reasons": self._true_reasons(),
            "milliseconds_median": median,
            "milliseconds_p95": late,
            "memory_mib": self.memory_mib,
            "versions": list(self.versions),
            "rules": RULES_VERSION,
            "tables": TABLES_VERSION,
        }

    def _true_reasons(self) -> Mapping[str, Any]:
        right, known = self.true_reasons
        missing = [
            {
                "file": one.case.file,
                "attack": one.case.attack,
                "reasons": [reason.value for reason in one.verdict.reasons],
            }
            for one in self.without_true_reason
        ]
        return {"right": right, "known": known, "missing": missing}

    def as_data(self) -> Mapping[str, Any]:
        """Return cases and sums as plain values, ready for JSON."""
        return {
            "cases": [one.as_data(with_read=not self.salted) for one in self.results],
            "summary": self.summary(),
        }


def percent(part: int, whole: int) -> Fraction | None:
    """Return a part in percent, exactly; None of nothing."""
    return Fraction(100 * part, whole) if whole else None


def _plain(found: Mapping[str, FieldRate]) -> Mapping[str, Any]:
    return {name: attrs.asdict(rate) for name, rate in found.items()}


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
