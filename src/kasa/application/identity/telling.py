"""What owners hear of their shop's programs, and what is written down of members and programs."""

from contextlib import suppress
from uuid import UUID, uuid5

import attrs

from kasa.application.identity.mailing import NewMail, queue_mail
from kasa.application.ports.credentials import SecretBox
from kasa.application.ports.jobs import Job
from kasa.application.ports.messenger import Messenger
from kasa.application.ports.system import Clock
from kasa.application.ports.work import PlatformWork, UnitOfWorkFactory
from kasa.domain.channels.message import ChannelKind
from kasa.domain.identity.access import Role
from kasa.domain.identity.events import (
    ApiKeyEnded,
    ApiKeyEnding,
    ApiKeyMade,
    ApiKeyRotated,
    MemberRemoved,
    OwnershipTransferred,
    RoleChanged,
    ServiceClientEnded,
    ServiceClientMade,
    ServiceClientRotated,
)
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.security import SecurityEvent, SecurityKind
from kasa.domain.identity.service import ApiKey
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.events import Event, RecordedEvent
from kasa.domain.kernel.ids import MailId, SecurityEventId, UserId

WRITTEN: dict[type[Event], SecurityKind] = {
    RoleChanged: SecurityKind.ROLE_CHANGED,
    OwnershipTransferred: SecurityKind.ROLE_CHANGED,
    MemberRemoved: SecurityKind.MEMBER_REMOVED,
    ApiKeyMade: SecurityKind.KEY_MADE,
    ApiKeyRotated: SecurityKind.KEY_MADE,
    ApiKeyEnded: SecurityKind.KEY_ENDED,
    ServiceClientMade: SecurityKind.KEY_MADE,
    ServiceClientRotated: SecurityKind.KEY_MADE,
    ServiceClientEnded: SecurityKind.KEY_ENDED,
}
MOVED = (RoleChanged, MemberRemoved, OwnershipTransferred)


@attrs.frozen(kw_only=True)
class Told:
    """What somebody is told."""

    kind: MailKind
    facts: dict[str, str]


def mail_id(job: Job, reader: str) -> MailId:
    """Return the identifier of the one mail that a job sends to somebody."""
    return MailId(uuid5(job.event, f"{job.reaction}:{reader}"))


@attrs.frozen(kw_only=True, eq=False)
class TellOwners:
    """Write down who may do what, and tell every owner of keys (doors.md, 5.4).

    They hear when a key is made or replaced, before it ends, and when whoever made one leaves or
    is lowered: keys outlive their makers. A member hears that their role was changed.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    box: SecretBox
    messenger: Messenger

    def __call__(self, job: Job) -> None:
        """Write and tell what an event says; a repeat writes and tells nothing twice."""
        with self.unit_of_work.read_only(job) as view:
            recorded = view.events.event(job.event)
            names = self._keys(recorded.event, view.keys.all())
            owners = [one.user for one in view.members.all() if one.role is Role.OWNER]
            shop = view.tenant.profile.name
        mails = [
            (owner, Told(kind=MailKind.API_KEY, facts={"shop": shop, "name": ", ".join(names)}))
            for owner in owners
            if names
        ]
        if isinstance(recorded.event, RoleChanged | OwnershipTransferred):
            told = Told(kind=MailKind.ROLE_CHANGED, facts={"shop": shop})
            mails.append((UserId(recorded.event.subject), told))
        with self.unit_of_work.platform() as work:
            self._write(work, recorded)
            if self.messenger.capabilities(ChannelKind.MAIL) is not None:
                for reader, mail in mails:
                    self._mail(work, mail_id(job, f"{mail.kind}:{reader}"), reader, mail)
        with self.unit_of_work(job) as work:
            work.events.once(job)

    def _keys(self, event: Event, keys: tuple[ApiKey, ...]) -> list[str]:
        """Return the names of the keys that owners hear of."""
        if isinstance(event, ApiKeyMade | ApiKeyRotated | ApiKeyEnding):
            return [event.name]
        moved = _who_moved(event)
        now = self.clock.now()
        return [key.name for key in keys if key.made_by in moved and key.is_live(now)]

    def _write(self, work: PlatformWork, recorded: RecordedEvent) -> None:
        kind = WRITTEN.get(type(recorded.event))
        if kind is None:
            return
        written_id = SecurityEventId(recorded.id)
        known = work.security.page(kinds=(kind,), since=recorded.at, limit=100)
        if written_id in {one.id for one in known.items}:
            return
        about = recorded.event.subject if isinstance(recorded.event, MOVED) else recorded.by
        written = SecurityEvent(
            id=written_id,
            kind=kind,
            at=recorded.at,
            user=None if about is None else UserId(about),
            tenant=recorded.tenant,
            request=recorded.request,
            detail=recorded.event.kind,
        )
        work.security.record(written)

    def _mail(self, work: PlatformWork, id: MailId, reader: UserId, mail: Told) -> None:
        """Queue a mail to a person who has an address, unless it was queued before."""
        with suppress(NotFound):
            work.mails.get(id)
            return
        found = work.users.many([reader])
        if not found or found[0].email is None:
            return
        new = NewMail(
            id=id,
            kind=mail.kind,
            address=found[0].email,
            facts=mail.facts,
            language=found[0].language,
            user=reader,
        )
        queue_mail(work, self.box, new, at=self.clock.now())


def _who_moved(event: Event) -> set[UUID]:
    """Return who left the shop, or may do less in it than before."""
    match event:
        case MemberRemoved():
            return {event.subject}
        case RoleChanged() if event.is_lowered:
            return {event.subject}
        case OwnershipTransferred() if event.giver is not None:
            return {event.giver}
        case _:
            return set()
