"""Whether a picture is read again, and how: the ladder of payments.md, section 12."""

import attrs

from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import Decision, MatchVerdict
from kasa.domain.payments.receipts.rows import well_read
from kasa.domain.payments.recognition import Effort, RecognizedText

WELL_READ_ENOUGH = 60
FULL_READINGS = 2
WORTH_READING = (
    "receipt",
    "outcome",
    "direction",
    "amount",
    "currency",
    "recipient",
    "reference",
    "time",
)
"""Gates that another reading may supply; no picture answers ``target``."""

ENDING_AT_ONCE = ("outcome", "direction", "bank")
ENDING_WHEN_READ_TWICE = ("amount", "currency", "recipient")
DATES = ("time", "reference_date")


def next_effort(
    evidence: PaymentEvidence,
    verdict: MatchVerdict,
    tried: tuple[Effort, ...],
    available: frozenset[Effort],
) -> Effort | None:
    """Return the next step of the ladder, or None when the picture is read enough.

    Never after an approval or a duplicate, nor where money or receiver surely differ: reading on
    there would be shopping for an approval.
    """
    if verdict.decision in {Decision.APPROVE, Decision.DUPLICATE} or _is_over(evidence, verdict):
        return None
    results = {row.rule: row.result for row in verdict.outcomes}
    wanted = any(results[gate] is Result.UNREADABLE for gate in WORTH_READING)
    wanted = wanted or any(results[gate] is Result.DIFFERS for gate in DATES)
    wanted = wanted or any(results[gate] is Result.DIFFERS for gate in ENDING_WHEN_READ_TWICE)
    wanted = wanted or results["receipt"] is Result.DIFFERS or not evidence.paid_at.is_read
    wanted = wanted or any(results[gate] is Result.DIFFERS for gate in ENDING_WHEN_READ_TWICE)
    if not wanted:
        return None
    turn = evidence.text_characters < WELL_READ_ENOUGH
    return next(
        (
            effort
            for effort in Effort
            if effort in available
            and effort > max(tried, default=Effort.FIRST)
            and (effort is not Effort.TURNED or turn)
        ),
        None,
    )


def offers_second_engine(evidence: PaymentEvidence, verdict: MatchVerdict) -> bool:
    """Tell whether a person may be offered the second engine: it did not run, and it might help.

    It did not where it is not installed, or failed. What was never read, as a picture seen before,
    is offered nothing.
    """
    if verdict.decision is not Decision.REVIEW or not evidence.efforts:
        return False
    second = frozenset({Effort.SECOND_ENGINE})
    return next_effort(evidence, verdict, evidence.efforts, second) is not None


def _is_over(evidence: PaymentEvidence, verdict: MatchVerdict) -> bool:
    """Tell whether a difference ends the ladder."""
    differing = {row.rule for row in verdict.outcomes if row.result is Result.DIFFERS}
    if differing & set(ENDING_AT_ONCE):
        return True
    if evidence.full_readings >= FULL_READINGS and differing & set(ENDING_WHEN_READ_TWICE):
        return True
    return "receipt" in differing and evidence.text_characters >= WELL_READ_ENOUGH


def upright(text: RecognizedText) -> RecognizedText:
    """Return only the readings of the turn that shows the most well-read characters.

    That turn replaces the others: no later reading is mixed with a picture that lay on its side.
    """
    best: dict[int, int] = {}
    for reading in text.readings:
        best[reading.turn] = max(best.get(reading.turn, 0), well_read(reading.words))
    if len(best) <= 1:
        return text
    turn = max(best, key=lambda one: best[one])
    return attrs.evolve(
        text, readings=tuple(reading for reading in text.readings if reading.turn == turn)
    )
