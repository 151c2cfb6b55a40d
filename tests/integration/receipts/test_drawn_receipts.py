"""Receipts of other layouts, wordings and values than anybody labelled, read and judged for real.

They are drawn anew from fixed seeds, so a rule that fits one set of files shows here. The figures
are floors: a change may raise them. One worker runs them all, so each set is read once.
"""

from collections.abc import Iterator

import pytest

from kasa.adapters.images.cleaner import SafeImageCleaner
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.qr.codes import SegnoZxingCodes
from kasa.adapters.sandbox.pool import SandboxPool
from kasa.adapters.system.clock import SystemClock
from kasa.adapters.tesseract.recognizer import TesseractRecognizer
from kasa.application.payments.evaluating import Evaluate
from kasa.application.payments.labelled import labelled_set
from kasa.application.payments.scoring import Evaluation
from tests.receipts.series import Series

pytestmark = [
    pytest.mark.integration,
    pytest.mark.deep,
    pytest.mark.khm,
    pytest.mark.xdist_group("drawn"),
]

SEED, COUNT = 20260914, 60
APPROVED_PERCENT_MIN = 75
TRUE_REASON_PERCENT_MIN = 75


@pytest.fixture(scope="module")
def evaluation() -> Iterator[Evaluation]:
    """One drawn set, with its attack set."""
    drawn = list(Series(SEED).cases(COUNT))
    pictures = {case.file: case.data for case in drawn}
    labelled = labelled_set({"format": 1, "cases": [case.label for case in drawn]})
    with SandboxPool(processes=1) as sandbox:
        recognizer = TesseractRecognizer(sandbox)
        evaluate = Evaluate(
            images=SafeImageCleaner(sandbox),
            storage=memory_ports().storage,
            codes=SegnoZxingCodes(sandbox),
            recognizer=recognizer,
            clock=SystemClock(),
        )
        yield evaluate(labelled, pictures.__getitem__)
        recognizer.close()


def test_nothing_is_approved_that_a_person_should_see(evaluation: Evaluation) -> None:
    """No wrong approval, neither of a labelled case nor of the attack set."""
    assert dict(evaluation.false_approvals) == {}


def test_other_pictures_are_turned_away(evaluation: Evaluation) -> None:
    """A picture of something else is never taken for a receipt."""
    assert evaluation.others_taken_for_receipts == 0


def test_honest_receipts_are_approved(evaluation: Evaluation) -> None:
    """Honest receipts that are not hard are approved, most of them."""
    missed = [
        f"{one.case.layout} {one.case.degrade}: {[reason.value for reason in one.verdict.reasons]}"
        for one in evaluation.results
        if one.case.approve and not one.case.hard and not one.is_approved
    ]
    assert evaluation.approved * 100 >= evaluation.honest * APPROVED_PERCENT_MIN, missed


def test_a_review_says_why(evaluation: Evaluation) -> None:
    """A case that a person has to look at names its true reason."""
    known = [
        one for one in evaluation.results if not one.case.hard and one.has_true_reason is not None
    ]
    silent = [f"{one.case.layout} {one.case.attack}" for one in known if not one.has_true_reason]
    assert known
    assert len(silent) * 100 <= len(known) * (100 - TRUE_REASON_PERCENT_MIN), silent
