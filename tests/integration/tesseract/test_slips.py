"""Labelled receipts, read and judged for real.

The set lies outside of the repository (``KASA_SHARED/slips``, else ``../shared/slips``); these
tests are selected only where it is. The released figures are floors: a change may raise them.
One worker runs them all, so the set is read once.
"""

import json
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
from tests.places import SLIPS

pytestmark = [
    pytest.mark.integration,
    pytest.mark.deep,
    pytest.mark.cases,
    pytest.mark.slips,
    pytest.mark.khm,
    pytest.mark.xdist_group("slips"),
]

APPROVED_PERCENT_MIN = 97
AMOUNT_WRONG_PERCENT_MAX = 1
REFERENCE_PERCENT_MIN = 95


@pytest.fixture(scope="module")
def evaluation() -> Iterator[Evaluation]:
    """The whole set, with its attack set."""
    assert SLIPS is not None
    folder = SLIPS
    labelled = labelled_set(json.loads((folder / "truth.json").read_text()))
    with SandboxPool(processes=1) as sandbox:
        recognizer = TesseractRecognizer(sandbox)
        evaluate = Evaluate(
            images=SafeImageCleaner(sandbox),
            storage=memory_ports().storage,
            codes=SegnoZxingCodes(sandbox),
            recognizer=recognizer,
            clock=SystemClock(),
        )
        yield evaluate(labelled, lambda file: (folder / file).read_bytes())
        recognizer.close()


def test_nothing_is_approved_that_a_person_should_see(evaluation: Evaluation) -> None:
    """No wrong approval, neither of a labelled case nor of the attack set."""
    assert dict(evaluation.false_approvals) == {}


def test_honest_receipts_are_approved(evaluation: Evaluation) -> None:
    """Honest receipts that are not hard are approved, most of them."""
    assert evaluation.approved * 100 >= evaluation.honest * APPROVED_PERCENT_MIN


def test_other_pictures_are_turned_away(evaluation: Evaluation) -> None:
    """A picture of something else is never taken for a receipt."""
    assert evaluation.others_taken_for_receipts == 0


def test_fields_are_read(evaluation: Evaluation) -> None:
    """Wrong amounts are rare, references are exact."""
    amount, reference = evaluation.fields["amount"], evaluation.fields["reference"]
    assert amount.wrong * 100 <= amount.total * AMOUNT_WRONG_PERCENT_MAX
    assert reference.exact * 100 >= reference.total * REFERENCE_PERCENT_MIN
