"""People at the door: real tokens, real throttles, mails that can be read."""

import re
from base64 import b32decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs

from kasa.adapters.memory.messenger import RecordingMessenger
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor, Role
from kasa.domain.identity.second_factor import STEP, code_of, step_of
from kasa.domain.identity.user import Membership
from kasa.domain.kernel.ids import MembershipId, TenantId, UserId
from kasa.entrypoints.bootstrap import over
from kasa.entrypoints.http.admission import IdentityAdmission, TokenCache
from kasa.entrypoints.http.app import create_app
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.front import Front
from kasa.entrypoints.opened import OpenKasa
from tests.integration.http.client import Answered, Web
from tests.integration.http.shop import published
from tests.integration.http.truth import Truth

PASSWORD = "seven green mangoes on a wall"
OTHER_PASSWORD = "eleven quiet boats by the river"


@attrs.define(eq=False)
class Town:
    """A kasa behind its door, where everybody comes in by what they were given."""

    opened: OpenKasa
    web: Web
    clock: StoppedClock
    messenger: RecordingMessenger
    ports: Ports

    def mails(self, address: str) -> list[str]:
        """Send what waits, and return the texts that an address has got, oldest first."""
        self.opened.work_off()
        return [
            f"{one.message.subject}\n{one.message.text}"
            for one in self.messenger.delivered
            if one.recipient.address == address
        ]

    def token(self, address: str) -> str:
        """Return the token of the newest mail to an address."""
        found = re.findall(r"token=([\w-]+)", self.mails(address)[-1])
        return str(found[-1])

    def code(self, address: str) -> str:
        """Return the code of the newest mail to an address."""
        return str(re.findall(r"\b[0-9]{8}\b", self.mails(address)[-1])[-1])

    def pass_time(self, **span: float) -> None:
        """Let time pass."""
        self.clock.pass_time(timedelta(**span))

    def join(self, tenant: str, user: str, role: Role) -> None:
        """Have a person work in a shop."""
        now = self.clock.now()
        member = Membership(
            id=MembershipId(self.ports.ids.new(now)),
            user=UserId(UUID(user)),
            role=role,
            joined_at=now,
        )
        with self.ports.unit_of_work(Actor.system(TenantId(UUID(tenant)))) as work:
            work.members.add(member)

    def person(self, address: str, *, password: str = PASSWORD) -> "Person":
        """Sign somebody up with a shop."""
        assert 202 == self.web.post(f"{AUTH}/sign-up", json={"email": address}).status
        token = self.token(address)
        answer = self.web.post(
            f"{AUTH}/sign-up/redeem",
            json={
                "token": token,
                "password": password,
                "name": "Sok Dara",
                "shop": "Coffee",
            },
        )
        assert 201 == answer.status, answer.text
        return Person(self, address, answer.json(), token)


AUTH = "/api/v1/auth"


@attrs.define(eq=False)
class Person:
    """Somebody who signed up, and what they were given last."""

    town: Town
    address: str
    given: dict[str, Any]
    sign_up_token: str
    secret: str = ""

    @property
    def web(self) -> Web:
        """A caller with their access token."""
        return self.town.web.bearing(self.given["access_token"])

    def sign_in(self, password: str = PASSWORD, **more: Any) -> Answered:
        """Try to sign in, from a browser that nobody knows."""
        body = {"email": self.address, "password": password, **more}
        return self.town.web.post(f"{AUTH}/sign-in", json=body)

    def refresh(self, token: str | None = None) -> Answered:
        """Trade a refresh token."""
        body = {"refresh_token": token or self.given["refresh_token"]}
        return self.town.web.post(f"{AUTH}/refresh", json=body)

    def ask(self, what: str) -> Answered:
        """Ask for a mail."""
        return self.town.web.post(f"{AUTH}/{what}", json={"email": self.address})

    def redeem(self, what: str, **body: Any) -> Answered:
        """Redeem what was mailed."""
        return self.town.web.post(f"{AUTH}/{what}/redeem", json=body)

    def turn_on_factor(self) -> list[str]:
        """Turn the second factor on, and return the recovery codes."""
        asked = self.web.post(f"{AUTH}/totp")
        assert 200 == asked.status, asked.text
        self.secret = asked.json()["secret"]
        done = self.web.post(f"{AUTH}/totp/confirm", json={"code": self.typed()})
        assert 200 == done.status, done.text
        self.given = done.json()["signed_in"]
        codes: list[str] = done.json()["recovery_codes"]
        return codes

    def typed(self) -> str:
        """Return what the authenticator shows now; each step's code is taken once."""
        now = self.town.clock.pass_time(STEP)
        return code_of(b32decode(self.secret), step_of(now))


def town_over(ports: Ports, web: Callable[[Front], Web], **options: Any) -> Town:
    """Return a kasa over ports behind its real door."""
    messenger, clock = RecordingMessenger(), ports.clock
    assert isinstance(clock, StoppedClock)
    opened = over(attrs.evolve(ports, messenger=messenger), **options)
    tokens = TokenCache(now=opened.now)
    admission = IdentityAdmission(identity=opened.kasa.identity, tokens=tokens)
    caller = web(create_app(opened, Doorway(), admission))
    caller.truth = Truth(published(opened))
    return Town(opened, caller, clock, messenger, ports)
