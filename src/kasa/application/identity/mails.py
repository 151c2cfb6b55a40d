"""Sending the mails that wait: words are found, and the sealed content ends, only here."""

from collections.abc import Iterator
from contextlib import contextmanager

import attrs

from kasa.application.identity.mail_words import mail_message
from kasa.application.identity.mailing import content_of
from kasa.application.ports.credentials import SecretBox
from kasa.application.ports.jobs import Job
from kasa.application.ports.messenger import (
    OPERATORS_ALONE,
    Blocked,
    Gone,
    LoginRefused,
    Messenger,
    NotEncrypted,
    Rejected,
)
from kasa.application.ports.system import Clock
from kasa.application.ports.wording import Language, Wording
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.channels.message import ChannelKind, Recipient
from kasa.domain.identity.events import MailQueued
from kasa.domain.identity.mail import Mail, MailKind, MailState
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.events import OperatorAlert
from kasa.domain.kernel.ids import PLATFORM, MailId

ZONE = "Asia/Phnom_Penh"
"""Whose clock a mail speaks by: nobody knows the zone of a person."""


@attrs.frozen(kw_only=True, eq=False)
class SendMail:
    """Send a mail that waits, once; a blank one goes to nobody.

    What cannot be sent now stays sealed and is tried again. What is refused for good, or has
    become too old to be of use, ends without its content. A lack that only the operator can mend
    alarms them once for each mail.
    """

    unit_of_work: UnitOfWorkFactory
    messenger: Messenger
    wording: Wording
    box: SecretBox
    clock: Clock
    public_url: str

    def __call__(self, job: Job) -> None:
        """Send the mail of an event."""
        with self.unit_of_work.read_only(job) as view:
            mail_id = MailId(view.events.fact(job, MailQueued).subject)
        mail = self._waiting(job, mail_id)
        if mail is not None:
            self._ended(job, mail_id, self._outcome(job, mail))

    def _waiting(self, job: Job, mail_id: MailId) -> Mail | None:
        with self.unit_of_work.platform(job) as work:
            try:
                mail = work.mails.get(mail_id)
            except NotFound:
                return None
        return mail if mail.state is MailState.QUEUED and mail.sealed is not None else None

    def _outcome(self, job: Job, mail: Mail) -> MailState:
        if mail.kind is MailKind.BLANK:
            return MailState.SENT
        if self.clock.now() >= mail.expires_at:
            return MailState.FAILED
        try:
            self._send(job, mail)
        except (Rejected, Blocked, Gone):
            return MailState.FAILED
        return MailState.SENT

    def _send(self, job: Job, mail: Mail) -> None:
        content = content_of(mail, self.box)
        language = Language(mail.language)
        at = f"{self.wording.moment(job.made_at, ZONE, language)} (UTC+7)"
        message = mail_message(
            self.wording, mail.kind, language, {**content.facts, "at": at}, base=self.public_url
        )
        recipient = Recipient(channel=ChannelKind.MAIL, address=content.address)
        with self._alarmed(job):
            self.messenger.send(recipient, message, job.key)

    @contextmanager
    def _alarmed(self, job: Job) -> Iterator[None]:
        try:
            yield
        except OPERATORS_ALONE as lack:
            self._alarm(job, lack)
            raise

    def _alarm(self, job: Job, lack: LoginRefused | NotEncrypted) -> None:
        told = attrs.evolve(job, reaction=f"{job.reaction}:alert")
        with self.unit_of_work.platform(job) as work:
            if work.events.once(told):
                alert = OperatorAlert(subject=PLATFORM, code=lack.code)
                work.events.record(alert, at=self.clock.now())

    def _ended(self, job: Job, mail_id: MailId, state: MailState) -> None:
        with self.unit_of_work.platform(job) as work:
            if not work.events.once(job):
                return
            work.mails.save(work.mails.lock(mail_id).ended(state))
