"""How each field of a labelled picture was read: exactly, wrongly, or not at all."""

import re
from collections.abc import Iterable, Sequence

import attrs

from kasa.application.payments.labelled import LabelledCase, LabelledSet, PrintedId, digits_of
from kasa.domain.payments.evidence import PaymentEvidence, Precision
from kasa.domain.payments.names import NameLikeness, likeness

RECEIPTS = frozenset({"receipt", "received", "scheduled", "pending", "failed", "confirm"})
"""Kinds of labelled pictures that are screens of a transfer, finished or not."""


OUTCOMES = ("exact", "wrong", "unread")
_ABA_FT = re.compile(r"100FT[0-9]{11}\Z")


@attrs.frozen(kw_only=True)
class FieldScore:
    """How one field was read: ``exact``, ``wrong``, or not at all (``unread``)."""

    field: str
    outcome: str


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
    yield from _reference_scores(case, labelled, evidence)


def _reference_scores(
    case: LabelledCase, labelled: LabelledSet, evidence: PaymentEvidence
) -> Iterable[FieldScore]:
    printed = case.printed
    ids = list(_id_scores("reference", printed.references, labelled, evidence))
    yield from ids
    if ids:
        yield attrs.evolve(ids[0], field="main_id")
        best = min(ids, key=lambda one: OUTCOMES.index(one.outcome))
        yield attrs.evolve(best, field="some_reference")
    for printed_id, score in zip(printed.references, ids, strict=True):
        if _is_aba_ft(case, printed_id, labelled):
            yield attrs.evolve(score, field="aba_ft")
    yield from _id_scores("hash", printed.hashes, labelled, evidence)


def _is_aba_ft(case: LabelledCase, one: PrintedId, labelled: LabelledSet) -> bool:
    """Whether an id is ABA's reference of a transfer; hashed ones are known by their role."""
    if labelled.salt is None:
        return bool(_ABA_FT.match("".join(one.text.split())))
    return one.role == "reference" and case.layout.startswith("aba")


def _id_scores(
    field: str, wanted: Sequence[PrintedId], labelled: LabelledSet, evidence: PaymentEvidence
) -> Iterable[FieldScore]:
    seen = [
        value
        for scheme, reading in evidence.references.items()
        if (value := evidence.known(reading)) is not None
        and scheme.startswith("bakong.") is (field == "hash")
    ]
    for one in wanted:
        found = next((value for value in seen if labelled.shows(one.text, value)), None)
        missed = None if len(seen) < len(wanted) else False
        yield _score(field, True if found else missed, wanted=True)


def _score(field: str, seen: object, wanted: object) -> FieldScore:
    if seen is None:
        return FieldScore(field=field, outcome="unread")
    return FieldScore(field=field, outcome="exact" if seen == wanted else "wrong")
