"""Asking for a link by mail, such that nobody learns who has an account."""

from datetime import datetime
from typing import Literal

import attrs

from kasa.application.identity.notices import Mails
from kasa.application.identity.throttling import Tries
from kasa.application.identity.visiting import Visitor, digest
from kasa.application.identity.watching import Watch
from kasa.application.ports.system import Ids
from kasa.application.ports.work import PlatformWork
from kasa.domain.identity.lockout import Counter, LockedOut
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.one_time_link import LinkPurpose, OneTimeLink
from kasa.domain.identity.security import SecurityKind
from kasa.domain.identity.user import EmailKey, User
from kasa.domain.kernel.ids import LinkId

Asker = Literal[Counter.MAGIC, Counter.RESET, Counter.SIGN_UP]


@attrs.frozen(kw_only=True)
class Asked:
    """Whether somebody may ask, and whether an address may be mailed once more."""

    allowed: bool
    mailed: bool
    retry_after: int = 0

    def demand(self) -> None:
        """Return when they may ask, else raise ``identity.locked_out``."""
        if not self.allowed:
            raise LockedOut(retry_after=self.retry_after)


@attrs.frozen(kw_only=True, eq=False)
class Asking:
    """Counts who asks and who is mailed, and writes links and mails of somebody or nobody."""

    tries: Tries
    mails: Mails
    ids: Ids
    watch: Watch

    def taken(
        self,
        work: PlatformWork,
        visitor: Visitor,
        counter: Asker,
        account: EmailKey,
        *,
        at: datetime,
    ) -> Asked:
        """Count a wish for a mail, for the asker and for the address.

        Only the asker is ever told that it was too much: an address mailed too often is not mailed,
        and the answer is the same.
        """
        asker = work.attempts.take(self.tries.of_asker(visitor.address), at=at)
        if not asker.allowed:
            return Asked(allowed=False, mailed=False, retry_after=asker.retry_after)
        mailed = work.attempts.take(self.tries.of_mail(counter, account), at=at)
        self.watch.note(work, SecurityKind.LINK_SENT, at=at, visitor=visitor, detail=counter.value)
        return Asked(allowed=True, mailed=mailed.allowed)

    def for_new_address(
        self, work: PlatformWork, visitor: Visitor, account: EmailKey, *, at: datetime
    ) -> Asked:
        """Count a wish of a person who is signed in for a mail to an address not yet theirs."""
        return self.taken(work, visitor, Counter.SIGN_UP, account, at=at)

    def reached(self, asked: Asked, user: User | None) -> User | None:
        """Return the person who is mailed, or None for nobody."""
        return user if user is not None and user.is_enabled and asked.mailed else None

    def link(
        self, purpose: LinkPurpose, token: str, user: User | None, *, at: datetime
    ) -> OneTimeLink:
        """Return a link of a person, or of nobody."""
        return OneTimeLink(
            id=LinkId(self.ids.new(at)),
            purpose=purpose,
            secret_hash=digest(token),
            user=user.id if user else None,
            until=at + purpose.life,
        )

    def mail(
        self,
        work: PlatformWork,
        user: User | None,
        kind: MailKind,
        facts: dict[str, str],
        *,
        link: OneTimeLink,
        at: datetime,
    ) -> None:
        """Queue the mail of a link to its person, or one to nobody."""
        life = link.purpose.life
        if user is None or user.email is None:
            self.mails.blank(work, at=at, life=life)
        else:
            self.mails.to(work, user, kind, facts, at=at, life=life)
