"""Notices to every owner of a shop about what opens it, or where its money goes."""

from hashlib import sha256

import attrs

from kasa.application.identity.mailing import NewMail, queue_mail
from kasa.application.ports.credentials import SecretBox
from kasa.application.ports.jobs import Job
from kasa.application.ports.messenger import Messenger
from kasa.application.ports.system import Clock
from kasa.application.ports.work import PlatformWork, UnitOfWorkFactory
from kasa.domain.channels.message import ChannelKind
from kasa.domain.identity.access import Role
from kasa.domain.identity.mail import MailKind
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.events import Event
from kasa.domain.kernel.ids import MailId, UserId, uuid7

ENTROPY_BYTES = 10


@attrs.frozen(kw_only=True, eq=False)
class TellOwners:
    """Mail every owner of the shop that something of it was added or changed, once each.

    A mail's identifier comes from the job and the owner, so a job that runs twice queues it once.
    Where no mail is set up nobody is told.
    """

    kind: MailKind

    unit_of_work: UnitOfWorkFactory
    messenger: Messenger
    box: SecretBox
    clock: Clock

    def __call__(self, job: Job) -> None:
        """Queue the mails, then mark the job as done."""
        with self.unit_of_work.read_only(job) as view:
            facts = facts_of(view.events.event(job.event).event)
            facts["shop"] = view.tenant.profile.name
            owners = [one.user for one in view.members.all() if one.role is Role.OWNER]
        if self.messenger.capabilities(ChannelKind.MAIL) is not None:
            for owner in owners:
                self._tell(job, owner, facts)
        with self.unit_of_work(job) as work:
            work.events.once(job)

    def _tell(self, job: Job, owner: UserId, facts: dict[str, str]) -> None:
        mail_id = _mail_id(job, owner)
        with self.unit_of_work.platform(job) as work:
            (user,) = work.users.many([owner]) or (None,)
            if user is None or user.email is None or not user.is_enabled:
                return
            if not _is_queued(work, mail_id):
                new = NewMail(
                    id=mail_id,
                    kind=self.kind,
                    address=user.email,
                    facts=facts,
                    language=user.language,
                    user=user.id,
                )
                queue_mail(work, self.box, new, at=self.clock.now())


def _is_queued(work: PlatformWork, mail_id: MailId) -> bool:
    try:
        work.mails.get(mail_id)
    except NotFound:
        return False
    return True


def facts_of(event: Event) -> dict[str, str]:
    """Return what a mail says of an event by name; most say nothing but that it happened."""
    named = getattr(event, "name", None)
    return {} if named is None else {"name": str(named)}


def _mail_id(job: Job, owner: UserId) -> MailId:
    entropy = sha256(f"{job.key}:{owner}".encode()).digest()[:ENTROPY_BYTES]
    return MailId(uuid7(job.made_at, entropy))
