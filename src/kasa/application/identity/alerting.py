"""Telling the operator by mail what only they can mend: each code once in six hours."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import attrs

from kasa.application.identity.mailing import NewMail, queue_mail
from kasa.application.ports.credentials import SecretBox
from kasa.application.ports.jobs import Job
from kasa.application.ports.system import Clock
from kasa.application.ports.work import PlatformWork, UnitOfWorkFactory
from kasa.domain.identity.mail import MAIL_LIFE, MailKind
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.events import OperatorAlert
from kasa.domain.kernel.ids import MailId

QUIET = timedelta(hours=6)
ALERTS = UUID("0d0f3c46-3f2e-5a9b-8a6e-6b617361616c")
"""Names the space in which mails of alerts have their identifiers."""
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@attrs.frozen(kw_only=True, eq=False)
class TellOperator:
    """Queue a mail about an alert, unless its code was told within the last six hours.

    Without an address of the operator nobody is told; the alert stays on the list.
    """

    unit_of_work: UnitOfWorkFactory
    box: SecretBox
    clock: Clock
    address: str | None

    def __call__(self, job: Job) -> None:
        """Tell of the alert of an event."""
        with self.unit_of_work.read_only(job) as view:
            code = view.events.fact(job, OperatorAlert).code
        if self.address is None:
            return
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            if not _was_told(work, code, at=now):
                mail = NewMail(
                    id=_mail_id(code, at=now),
                    kind=MailKind.OPERATOR_ALERT,
                    address=self.address,
                    facts={"what": code},
                )
                queue_mail(work, self.box, mail, at=now)


def _mail_id(code: str, *, at: datetime) -> MailId:
    """Return the identifier of a code's mail in its six hours: the same job twice is one mail."""
    return MailId(uuid5(ALERTS, f"{code}:{(at - EPOCH) // QUIET}"))


def _was_told(work: PlatformWork, code: str, *, at: datetime) -> bool:
    return any(
        at < told + QUIET
        for told in (_told_at(work, _mail_id(code, at=when)) for when in (at, at - QUIET))
        if told is not None
    )


def _told_at(work: PlatformWork, id: MailId) -> datetime | None:
    try:
        return work.mails.get(id).expires_at - MAIL_LIFE
    except NotFound:
        return None
