"""Mails to a person, or to nobody in the same way."""

from datetime import datetime, timedelta

import attrs

from kasa.application.identity.mailing import NOBODY, NewMail, queue_mail, require_mail
from kasa.application.ports.credentials import SecretBox
from kasa.application.ports.messenger import Messenger
from kasa.application.ports.system import Ids
from kasa.application.ports.work import PlatformWork
from kasa.domain.channels.message import ChannelKind
from kasa.domain.identity.mail import MAIL_LIFE, MailKind
from kasa.domain.identity.user import Email, User
from kasa.domain.kernel.ids import MailId


@attrs.frozen(kw_only=True, eq=False)
class Mails:
    """Queues mails; a job sends them, so that no caller learns whether there was one."""

    messenger: Messenger
    box: SecretBox
    ids: Ids

    def demand(self) -> None:
        """Return when mail can be sent at all, else raise ``channel.unavailable``."""
        require_mail(self.messenger)

    def to(
        self,
        work: PlatformWork,
        user: User,
        kind: MailKind,
        facts: dict[str, str],
        *,
        at: datetime,
        life: timedelta = MAIL_LIFE,
    ) -> None:
        """Queue a mail to a person who has an address."""
        new = NewMail(
            id=MailId(self.ids.new(at)),
            kind=kind,
            address=user.email or NOBODY,
            facts=facts,
            language=user.language,
            user=user.id,
            life=life,
        )
        queue_mail(work, self.box, new, at=at)

    def to_address(
        self,
        work: PlatformWork,
        address: Email,
        kind: MailKind,
        facts: dict[str, str],
        *,
        at: datetime,
        language: str,
        life: timedelta,
    ) -> None:
        """Queue a mail to an address that is nobody's yet."""
        new = NewMail(
            id=MailId(self.ids.new(at)),
            kind=kind,
            address=address,
            facts=facts,
            language=language,
            life=life,
        )
        queue_mail(work, self.box, new, at=at)

    def blank(self, work: PlatformWork, *, at: datetime, life: timedelta) -> None:
        """Do all that a mail does, for nobody: an unknown address costs what a known one does."""
        mail = MailId(self.ids.new(at))
        new = NewMail(id=mail, kind=MailKind.BLANK, address=NOBODY, life=life)
        queue_mail(work, self.box, new, at=at)

    def tell(
        self, work: PlatformWork, user: User, kind: MailKind, *, at: datetime, **facts: str
    ) -> None:
        """Send a notice to a person, if they have an address and mail is set up."""
        if user.email is not None and self.messenger.capabilities(ChannelKind.MAIL) is not None:
            self.to(work, user, kind, facts, at=at)
