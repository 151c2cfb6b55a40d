"""What the one look at the beginning of every request must do."""

from datetime import timedelta

import attrs

from kasa.adapters.conformance.identity.keys import api_key, service_client
from kasa.adapters.conformance.identity.making import People
from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.bundle import Ports
from kasa.application.ports.identity.admissions import SessionAdmitted
from kasa.application.ports.identity.attempts import Rate
from kasa.domain.identity.access import Actor, Role
from kasa.domain.identity.session import USED_EVERY, WEB_IDLE, Session, SessionKind
from kasa.domain.identity.user import Membership, User
from kasa.domain.kernel.ids import ClientId, MembershipId, SessionId, TenantId
from kasa.domain.tenancy.tenant import TenantState

SECOND = timedelta(seconds=1)


class AdmissionsConformance:
    """Who may come in now."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_living_session_comes_in(self) -> None:
        """Without a shop it is a person alone; nobody comes in by an unknown id or cookie."""
        people = People.of(self.make_ports())
        user = people.added()
        session = people.signed_in(user)
        admitted = people.ports.admissions.session(session.id, at=people.at)
        assert admitted == SessionAdmitted(
            session=session.id,
            user=user.id,
            confirmed_at=session.confirmed_at,
            second_factor=False,
            operator=False,
            language="en",
        )
        unknown = SessionId(people.ports.ids.new(people.at))
        assert people.ports.admissions.session(unknown, at=people.at) is None
        assert people.ports.admissions.session(people.digest(), at=people.at) is None

    def test_a_member_comes_in_as_what_they_are(self) -> None:
        """Role and state of the shop that is asked for; no role where they are no member."""
        people = People.of(self.make_ports())
        owner, other = new_shop(people.ports), new_shop(people.ports)
        user = people.added()
        session, member = people.signed_in(user), _joined(people, owner, user, Role.ADMIN)
        ask = people.ports.admissions.session
        admitted = ask(session.id, tenant=owner.tenant, at=people.at)
        assert admitted is not None
        assert (owner.tenant, TenantState.OPEN, Role.ADMIN, 1) == _shop(admitted)
        admitted = ask(session.id, tenant=other.tenant, at=people.at)
        assert admitted is not None
        assert (None, 0) == (admitted.role, admitted.version)
        missing = TenantId(people.ports.ids.new(people.at))
        admitted = ask(session.id, tenant=missing, at=people.at)
        assert admitted is not None
        assert (missing, None, None, 0) == _shop(admitted)
        with people.ports.unit_of_work(owner) as work:
            work.members.save(work.members.lock(member.id).with_role(Role.VIEWER))
        admitted = ask(session.id, tenant=owner.tenant, at=people.at)
        assert admitted is not None
        assert (owner.tenant, TenantState.OPEN, Role.VIEWER, 2) == _shop(admitted)

    def test_whoever_is_gone_stays_out(self) -> None:
        """At once: after the end of the session, at its last moment, and when disabled."""
        people = People.of(self.make_ports())
        user, other = people.added(), people.added()
        ended, session = people.signed_in(user), people.signed_in(other)
        with people.ports.unit_of_work.platform() as work:
            work.sessions.save(work.sessions.lock(ended.id).ended(at=people.at))
        ask = people.ports.admissions.session
        assert ask(ended.id, at=people.at) is None
        assert ask(session.id, at=session.expires_at - SECOND) is not None
        with people.ports.unit_of_work.platform() as work:
            lives_until = work.sessions.get(session.id).expires_at
        assert ask(session.id, at=lives_until) is None
        with people.ports.unit_of_work.platform() as work:
            work.users.save(work.users.lock(other.id).disabled(at=people.at))
        assert ask(session.id, at=people.at) is None

    def test_a_cookie_leads_to_its_own_shop(self) -> None:
        """Unless another one is asked for."""
        people = People.of(self.make_ports())
        owner, other, user = new_shop(people.ports), new_shop(people.ports), people.added()
        for shop in (owner, other):
            _joined(people, shop, user, Role.USER)
        session = attrs.evolve(people.session(user, kind=SessionKind.WEB), tenant=owner.tenant)
        assert session.token_hash is not None
        with people.ports.unit_of_work.platform() as work:
            work.sessions.add(session)
        ask = people.ports.admissions.session
        own = ask(session.token_hash, at=people.at)
        asked = ask(session.token_hash, tenant=other.tenant, at=people.at)
        assert own is not None
        assert asked is not None
        assert owner.tenant == own.tenant
        assert (other.tenant, Role.USER) == (asked.tenant, asked.role)

    def test_use_is_written_down_now_and_then(self) -> None:
        """Every 10 minutes at most; a web session lives on by it, one of the API by its tokens."""
        people = People.of(self.make_ports())
        user = people.added()
        web, api = people.signed_in(user, kind=SessionKind.WEB), people.signed_in(user)
        assert web.token_hash is not None
        soon, later = people.at + USED_EVERY - SECOND, people.at + USED_EVERY
        for at, used_at in ((soon, people.at), (later, later), (later + SECOND, later)):
            people.ports.admissions.session(web.token_hash, at=at)
            people.ports.admissions.session(api.id, at=at)
            assert used_at == _stored(people, web.id).used_at
            assert used_at == _stored(people, api.id).used_at
        assert later + WEB_IDLE == _stored(people, web.id).expires_at
        assert api.expires_at == _stored(people, api.id).expires_at

    def test_calls_are_counted_for_who_comes_in(self) -> None:
        """Not for who stays out."""
        people = People.of(self.make_ports())
        session = people.signed_in(people.added())
        rate = Rate(key=people.digest(), limit=2)
        ask = people.ports.admissions.session
        taken = []
        for _ in range(3):
            admitted = ask(session.id, rate=rate, at=people.at)
            assert admitted is not None
            assert 58 <= admitted.retry_after <= 60
            taken.append(admitted.taken)
        assert [1, 2, 3] == taken
        unknown = SessionId(people.ports.ids.new(people.at))
        assert ask(unknown, rate=rate, at=people.at) is None
        assert people.ports.rates.take(rate).taken == 4

    def test_a_key_comes_in_by_its_secret(self) -> None:
        """Until the instant of its end; not by another secret, shop or id, nor once ended."""
        people = People.of(self.make_ports())
        owner, other, key = new_shop(people.ports), new_shop(people.ports), api_key(people)
        with people.ports.unit_of_work(owner) as work:
            work.keys.add(key)
        ask, tenant, secret = people.ports.admissions.client, owner.tenant, key.secret_hash
        rate = Rate(key=people.digest(), limit=2)
        admitted = ask(tenant, key.id, secret_hash=secret, rate=rate, at=people.at)
        assert admitted is not None
        assert (key.id, tenant, key.scopes) == (admitted.client, admitted.tenant, admitted.scopes)
        assert (TenantState.OPEN, 1) == (admitted.tenant_state, admitted.taken)
        last = key.expires_at - timedelta(microseconds=1)
        assert ask(tenant, key.id, secret_hash=secret, at=last) is not None
        assert ask(tenant, key.id, secret_hash=secret, at=key.expires_at) is None
        assert ask(other.tenant, key.id, secret_hash=secret, at=people.at) is None
        unknown = ClientId(people.ports.ids.new(people.at))
        assert ask(tenant, unknown, secret_hash=secret, at=people.at) is None
        assert ask(tenant, key.id, secret_hash=None, at=people.at) is None
        wrong = ask(tenant, key.id, secret_hash=people.digest(), rate=rate, at=people.at)
        assert wrong is not None
        assert (False, 0) == (wrong.proven, wrong.taken)
        with people.ports.unit_of_work(owner) as work:
            assert last.date() == work.keys.lock(key.id).used_on
            work.keys.save(attrs.evolve(key, ended_at=people.at))
        assert ask(tenant, key.id, secret_hash=secret, rate=rate, at=people.at) is None
        assert people.ports.rates.take(rate).taken == 2

    def test_a_service_client_comes_in_by_its_token(self) -> None:
        """The signed token stands for its secret; a key's secret is none, and no ended one."""
        people = People.of(self.make_ports())
        owner, client = new_shop(people.ports), service_client(people)
        with people.ports.unit_of_work(owner) as work:
            work.clients.add(client)
        ask, tenant = people.ports.admissions.client, owner.tenant
        admitted = ask(tenant, client.id, secret_hash=None, at=people.at)
        assert admitted is not None
        assert client.scopes == admitted.scopes
        assert ask(tenant, client.id, secret_hash=client.secret_hash, at=people.at) is None
        with people.ports.unit_of_work(owner) as work:
            assert people.at.date() == work.clients.lock(client.id).used_on
            work.clients.save(attrs.evolve(client, ended_at=people.at))
        assert ask(tenant, client.id, secret_hash=None, at=people.at) is None


def _joined(people: People, shop: Actor, user: User, role: Role) -> Membership:
    member = Membership(
        id=MembershipId(people.ports.ids.new(people.at)),
        user=user.id,
        role=role,
        joined_at=people.at,
    )
    with people.ports.unit_of_work(shop) as work:
        work.members.add(member)
    return member


def _shop(
    admitted: SessionAdmitted,
) -> tuple[TenantId | None, TenantState | None, Role | None, int]:
    return admitted.tenant, admitted.tenant_state, admitted.role, admitted.version


def _stored(people: People, id: SessionId) -> Session:
    with people.ports.unit_of_work.platform() as work:
        return work.sessions.get(id)
