"""Asking for the second factor: after the first was right, and before anything is used up."""

from datetime import datetime
from enum import StrEnum
from typing import NoReturn

import attrs

from kasa.application.identity.notices import Mails
from kasa.application.identity.throttling import Tries
from kasa.application.identity.watching import Watch
from kasa.application.ports.credentials import SecretBox
from kasa.application.ports.work import PlatformWork
from kasa.domain.identity.lockout import LockedOut
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.second_factor import (
    TotpRequired,
    accepted_step,
    recovery_hash,
)
from kasa.domain.identity.security import SecurityKind
from kasa.domain.identity.user import User
from kasa.domain.kernel.errors import Unauthenticated

CODE_LIMIT = 40


class SignInFailed(Unauthenticated):
    """Address, password or code is wrong."""

    code = "identity.sign_in_failed"


class FactorState(StrEnum):
    """What a second factor came to."""

    PASSED = "passed"
    REQUIRED = "required"
    WRONG = "wrong"
    LOCKED = "locked"


@attrs.frozen(kw_only=True)
class FactorVerdict:
    """Whether the second factor was right; ``user`` is then without the code that was used up.

    ``recovery`` tells that it was a recovery code.
    """

    state: FactorState
    user: User
    recovery: bool = False
    retry_after: int = 0

    @property
    def passed(self) -> bool:
        """Whether they may go on."""
        return self.state is FactorState.PASSED

    def refuse(self) -> NoReturn:
        """Raise what the verdict says; to be called when the unit of work has committed."""
        if self.state is FactorState.REQUIRED:
            raise TotpRequired
        if self.state is FactorState.LOCKED:
            raise LockedOut(retry_after=self.retry_after)
        raise SignInFailed


def totp_place(user: User) -> str:
    """Return to what the secret of a person's second factor is sealed."""
    return f"totp:{user.id}"


@attrs.frozen(kw_only=True, eq=False)
class Factors:
    """Asks for a second factor; every code counts before it is looked at."""

    box: SecretBox
    tries: Tries
    mails: Mails
    watch: Watch

    def told(self, work: PlatformWork, user: User, verdict: FactorVerdict, *, at: datetime) -> None:
        """Tell a person that a recovery code of theirs was used, and how many are left."""
        if verdict.recovery:
            self.watch.note(work, SecurityKind.RECOVERY_USED, at=at, user=user.id)
            left = str(len(user.recovery_hashes))
            self.mails.tell(
                work, user, MailKind.FACTOR_CHANGED, at=at, change="recovery_used", left=left
            )

    def asked(
        self, work: PlatformWork, user: User, typed: str | None, *, at: datetime
    ) -> FactorVerdict:
        """Return whether a locked person's second factor is right; the caller saves ``user``.

        Without a second factor it is. A code that was right gives its try back.
        """
        if user.totp_sealed is None:
            return FactorVerdict(state=FactorState.PASSED, user=user)
        if typed is None or not typed.strip():
            return FactorVerdict(state=FactorState.REQUIRED, user=user)
        tries = self.tries.of_code(user.id)
        taken = work.attempts.take(tries, at=at)
        if not taken.allowed:
            return FactorVerdict(state=FactorState.LOCKED, user=user, retry_after=taken.retry_after)
        verdict = self._judged(user, typed[:CODE_LIMIT], at=at)
        if verdict.passed:
            work.attempts.clear([one.key for one in tries])
        return verdict

    def _judged(self, user: User, typed: str, *, at: datetime) -> FactorVerdict:
        secret = self.box.open(user.totp_sealed or b"", totp_place(user))
        step = accepted_step(secret, typed, last_step=user.totp_step, at=at)
        if step is not None:
            return FactorVerdict(state=FactorState.PASSED, user=attrs.evolve(user, totp_step=step))
        used = recovery_hash(typed)
        if used not in user.recovery_hashes:
            return FactorVerdict(state=FactorState.WRONG, user=user)
        left = tuple(one for one in user.recovery_hashes if one != used)
        return FactorVerdict(
            state=FactorState.PASSED,
            user=attrs.evolve(user, recovery_hashes=left),
            recovery=True,
        )
