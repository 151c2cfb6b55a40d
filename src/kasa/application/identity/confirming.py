"""Proving once more who one is, before what needs it."""

from datetime import datetime
from typing import ClassVar

import attrs

from kasa.application.identity.factors import Factors
from kasa.application.identity.passwords import OwnPassword
from kasa.application.identity.watching import Watch
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import PlatformActor, TokenInvalid
from kasa.domain.identity.security import SecurityKind
from kasa.domain.identity.session import RECENT


@attrs.frozen(kw_only=True, eq=False)
class Confirm:
    """Prove with the password, and the second factor if there is one, that it is still the person.

    For the next 10 minutes their sign-in counts as recent. Who has no password signs in anew.
    """

    own_right: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    own: OwnPassword
    factors: Factors
    watch: Watch

    def __call__(
        self, person: PlatformActor, password: str, *, totp: str | None = None
    ) -> datetime:
        """Return until when the sign-in counts as recent.

        Raises ``identity.sign_in_failed``, ``identity.totp_required``, ``identity.locked_out``.
        """
        known = self.own.demand(person, password)
        now = self.clock.now()
        with self.unit_of_work.platform(person) as work:
            user = work.users.lock(known.id)
            if user.password_hash != known.password_hash:
                raise TokenInvalid
            factor = self.factors.asked(work, user, totp, at=now)
            if factor.passed:
                if factor.user != user:
                    work.users.save(factor.user)
                session = work.sessions.lock(person.own_session)
                if not session.is_alive(now):
                    raise TokenInvalid
                work.sessions.save(session.confirmed(at=now))
                self.factors.told(work, factor.user, factor, at=now)
            elif totp is not None:
                self.watch.note(work, SecurityKind.FACTOR_FAILED, at=now, user=user.id)
        if not factor.passed:
            factor.refuse()
        return now + RECENT
