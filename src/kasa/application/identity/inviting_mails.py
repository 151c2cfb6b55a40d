"""Mailing invitations: the only way on which their tokens leave kasa."""

from datetime import datetime

import attrs

from kasa.application.identity.inviting import invitation_token
from kasa.application.identity.mailing import NewMail, queue_mail
from kasa.application.identity.telling import mail_id
from kasa.application.ports.credentials import KeyedDigests, SecretBox
from kasa.application.ports.jobs import Job
from kasa.application.ports.system import Clock
from kasa.application.ports.work import PlatformWork, UnitOfWorkFactory
from kasa.domain.identity.events import MemberInvited
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.user import email_key
from kasa.domain.kernel.errors import NotFound


@attrs.frozen(kw_only=True, eq=False)
class MailInvitation:
    """Queue the mail of an invitation; one that ended meanwhile is not mailed."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    digests: KeyedDigests
    box: SecretBox

    def __call__(self, job: Job) -> None:
        """Mail whom ``MemberInvited`` names, in their own language if kasa knows it."""
        now = self.clock.now()
        with self.unit_of_work.read_only(job) as view:
            told = view.events.fact(job, MemberInvited)
            every = view.invitations.open(at=now)
            shop = view.tenant.profile
        invitation = next((one for one in every if one.id == told.subject), None)
        if invitation is not None:
            with self.unit_of_work.platform() as work:
                user = work.users.by_email(email_key(invitation.email))
                speaks = "km" if shop.language.startswith("km") else "en"
                new = NewMail(
                    id=mail_id(job, str(invitation.id)),
                    kind=MailKind.INVITATION,
                    address=invitation.email,
                    facts={
                        "token": invitation_token(self.digests, invitation.id),
                        "shop": shop.name,
                        "role": invitation.role.value,
                    },
                    language=user.language if user else speaks,
                    user=user.id if user else None,
                    life=invitation.until - now,
                )
                self._once(work, new, at=now)
        with self.unit_of_work(job) as work:
            work.events.once(job)

    def _once(self, work: PlatformWork, new: NewMail, *, at: datetime) -> None:
        try:
            work.mails.get(new.id)
        except NotFound:
            queue_mail(work, self.box, new, at=at)
