"""The attack set on one's own receipt: each lie, and how it would be judged."""

from datetime import timedelta
from uuid import UUID

import attrs

from kasa.application.payments.attacks import Attack, attacks_on
from kasa.application.payments.submitting import clean_picture
from kasa.application.payments.trial import RememberedReadings, Trial
from kasa.application.ports.codes import QrCodes
from kasa.application.ports.documents import PdfReader
from kasa.application.ports.images import ImageCleaner
from kasa.application.ports.recognizer import TextRecognizer
from kasa.application.ports.storage import FileStorage
from kasa.application.ports.system import Clock
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.matching import Decision, MatchInputs, MatchVerdict, match
from kasa.domain.payments.references import FirstUse, UsedReferences, reference_keys
from kasa.domain.payments.states import PaymentState

ISSUED_BEFORE = timedelta(hours=1)
SENT_AFTER = timedelta(minutes=5)


class NothingToAttack(Invalid):
    """The picture shows no amount or no receiver: say with --amount and --recipient what is due."""

    code = "attack.expectation_missing"


@attrs.frozen(kw_only=True)
class Attempt:
    """One lie, and the verdict on the picture under it."""

    name: str
    lie: str
    verdict: MatchVerdict

    @property
    def is_approved(self) -> bool:
        """Whether the lie would be believed."""
        return self.verdict.decision is Decision.APPROVE


@attrs.frozen(kw_only=True)
class Attacked:
    """A picture under the attack set; ``honest`` is the verdict without a lie."""

    inputs: MatchInputs
    honest: MatchVerdict
    attempts: tuple[Attempt, ...]

    @property
    def approved(self) -> tuple[str, ...]:
        """The lies that would be believed; there must be none."""
        return tuple(one.name for one in self.attempts if one.is_approved)


@attrs.frozen(kw_only=True, eq=False)
class AttackPicture:
    """Judge a picture against what is due, then under every lie of the attack set.

    Nothing is stored. Raises ``evidence.*``, ``attack.expectation_missing`` and ``Unavailable``.
    """

    images: ImageCleaner
    pdf_reader: PdfReader
    storage: FileStorage
    codes: QrCodes
    recognizer: TextRecognizer
    clock: Clock

    def __call__(self, picture: bytes, expected: ExpectedPayment | None = None) -> Attacked:
        """Return every attempt; without an expectation what the picture shows is due.

        An expectation without a day of issue takes those of the picture: issued an hour before the
        payment, sent a few minutes after it.
        """
        clean = clean_picture(picture, images=self.images, pdf_reader=self.pdf_reader)
        trial = Trial(
            picture=clean.data,
            readings=RememberedReadings(self.recognizer),
            codes=self.codes,
            storage=self.storage,
        )
        due = self._shown(trial) if expected is None else _dated(trial, expected)
        if not due.amounts:
            raise NothingToAttack
        due = attrs.evolve(due, amounts=due.amounts[:1])
        inputs = _inputs(trial.read(due), due, used=False)
        evidence = inputs.evidence
        attacks = attacks_on(
            due,
            account=evidence.known(evidence.recipient_account),
            paid_at=evidence.known(evidence.paid_at),
        )
        return Attacked(
            inputs=inputs,
            honest=match(inputs),
            attempts=tuple(_attempt(trial, attack) for attack in attacks),
        )

    def _shown(self, trial: Trial) -> ExpectedPayment:
        """Return what the picture itself shows as what is due, a little later."""
        now = self.clock.now()
        evidence = trial.read(ExpectedPayment(submitted_at=now, accounts=(), answered=True))
        amount = evidence.known(evidence.amount)
        name = evidence.known(evidence.recipient_name)
        number = evidence.known(evidence.recipient_account) or ""
        if amount is None or not (name or number):
            raise NothingToAttack
        digits = "".join(letter for letter in number if letter in "0123456789")
        shown = ExpectedPayment(
            submitted_at=now,
            amounts=(amount,),
            accounts=(
                AcceptedAccount(
                    bank=BankCode(""), number=digits, names=() if name is None else (name,)
                ),
            ),
            answered=True,
        )
        return _dated(trial, shown)


def _dated(trial: Trial, due: ExpectedPayment) -> ExpectedPayment:
    if due.issued_at is not None:
        return due
    evidence = trial.read(due)
    paid_at = evidence.known(evidence.paid_at) or due.submitted_at
    return attrs.evolve(due, issued_at=paid_at - ISSUED_BEFORE, submitted_at=paid_at + SENT_AFTER)


def _attempt(trial: Trial, attack: Attack) -> Attempt:
    inputs = _inputs(trial.read(attack.expected), attack.expected, used=attack.used)
    return Attempt(name=attack.name, lie=attack.lie, verdict=match(inputs))


def _inputs(evidence: PaymentEvidence, expected: ExpectedPayment, *, used: bool) -> MatchInputs:
    known = UsedReferences()
    if used and reference_keys(evidence, expected.submitted_at).read:
        known = UsedReferences(first=first_use(expected))
    return MatchInputs(
        evidence=evidence, expected=(expected,), used=known, at=expected.submitted_at
    )


def first_use(expected: ExpectedPayment) -> FirstUse:
    """Return an earlier use of the references of a picture."""
    return FirstUse(
        payment=PaymentId(UUID(int=0)),
        at=expected.submitted_at,
        state=PaymentState.APPROVED,
        invoice_number=expected.number,
    )
