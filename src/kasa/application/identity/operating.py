"""What the operator of an installation decides about people: who operates, who may sign in."""

import attrs

from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import PlatformWork, UnitOfWorkFactory
from kasa.domain.identity.access import PlatformActor, RoleTooLow
from kasa.domain.identity.security import SecurityEvent, SecurityKind
from kasa.domain.identity.user import User, email, email_key
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import SecurityEventId, UserId


@attrs.frozen(kw_only=True, eq=False)
class OperatorWatch:
    """Writes down what an operator did, in the unit of work that does it."""

    ids: Ids
    clock: Clock

    def note(self, work: PlatformWork, who: PlatformActor, kind: SecurityKind, user: User) -> None:
        """Write down what was done to whom; ``detail`` names who did it."""
        now = self.clock.now()
        told = SecurityEvent(
            id=SecurityEventId(self.ids.new(now)),
            kind=kind,
            at=now,
            user=user.id,
            session=who.session,
            request=who.request,
            detail="machine" if who.user is None else str(who.user),
        )
        work.security.record(told)


@attrs.frozen(kw_only=True, eq=False)
class SetOperator:
    """Let a person operate the installation, or not any more; only on the machine itself."""

    unit_of_work: UnitOfWorkFactory
    watch: OperatorWatch

    def __call__(self, who: PlatformActor, address: str, *, on: bool) -> User:
        """Return the person; raise NotFound when nobody has the address.

        It acts on their next request. They need a second factor before they get in.
        """
        if not who.operator or who.user is not None:
            raise RoleTooLow
        with self.unit_of_work.platform(who) as work:
            found = work.users.by_email(email_key(email(address)))
            if found is None:
                raise NotFound
            user = attrs.evolve(work.users.lock(found.id), operator=on)
            work.users.save(user)
            self.watch.note(work, who, SecurityKind.OPERATOR_ACTED, user)
            return user


@attrs.frozen(kw_only=True, eq=False)
class SetEnabled:
    """Keep a person out of kasa, whatever proves who they are, or let them in again."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    watch: OperatorWatch

    def __call__(self, who: PlatformActor, id: UserId, *, on: bool) -> User:
        """Return the person, or raise NotFound; a disabled one is signed out everywhere at once.

        An operator needs a recent sign-in, and does not disable themselves.
        """
        if not who.operator or (not on and who.user == id):
            raise RoleTooLow
        if who.user is not None:
            who.require_recent()
        now = self.clock.now()
        with self.unit_of_work.platform(who) as work:
            before = work.users.lock(id)
            user = before.enabled() if on else before.disabled(at=now)
            work.users.save(user)
            if not on:
                work.sessions.end_all(id, at=now)
            kind = SecurityKind.USER_ENABLED if on else SecurityKind.USER_DISABLED
            self.watch.note(work, who, kind, user)
            return user


@attrs.frozen(kw_only=True, eq=False)
class FindPerson:
    """Find a person by their address, for the operator."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, who: PlatformActor, address: str) -> User:
        """Return the person, or raise NotFound."""
        if not who.operator:
            raise RoleTooLow
        with self.unit_of_work.platform(who) as work:
            found = work.users.by_email(email_key(email(address)))
        if found is None:
            raise NotFound
        return found
