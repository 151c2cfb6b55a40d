"""Every owner hears by mail where the shop's money goes, once."""

import attrs
import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.messenger import NoMessenger, RecordingMessenger
from kasa.application.kasa import Kasa
from kasa.application.payments.accounts import NewAccount
from kasa.application.ports.bundle import Ports
from kasa.application.ports.jobs import Job, Outcome
from kasa.application.ports.messenger import ChannelUnavailable
from kasa.domain.identity.access import Actor, PlatformActor, Role
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.user import Membership, User, email
from kasa.domain.kernel.ids import MembershipId, TenantId, UserId
from kasa.domain.kernel.money import USD
from kasa.domain.kernel.text import Name
from kasa.domain.tenancy.tenant import TenantProfile

ACCOUNT = NewAccount(bank="ABA", number="000 123 456", names=("SOK DARA",), currency=USD)
PEOPLE = {
    "sok@shop.example": Role.OWNER,
    "dara@shop.example": Role.OWNER,
    "admin@shop.example": Role.ADMIN,
}


def shop_of(ports: Ports, kasa: Kasa) -> Actor:
    """Return an owner of a shop with two owners, an admin, and an owner without an address."""
    founder = UserId(ports.ids.new(ports.clock.now()))
    tenant = kasa.tenancy.open(
        PlatformActor(user=founder, recent=True), TenantProfile(name=Name("Sok"))
    ).id
    for address, role in PEOPLE.items():
        join(ports, tenant, role, address)
    join(ports, tenant, Role.OWNER, None)
    return Actor.member(tenant, founder, Role.OWNER, recent=True)


def join(ports: Ports, tenant: TenantId, role: Role, address: str | None) -> None:
    """Have a person work in a shop."""
    now = ports.clock.now()
    user = User(
        id=UserId(ports.ids.new(now)),
        email=None if address is None else email(address),
        name=Name("Somebody"),
        language="km",
        created_at=now,
    )
    with ports.unit_of_work.platform() as work:
        assert work.users.add(user)
    member = Membership(id=MembershipId(ports.ids.new(now)), user=user.id, role=role, joined_at=now)
    with ports.unit_of_work(Actor.system(tenant)) as work:
        work.members.add(member)


@pytest.fixture
def messenger() -> RecordingMessenger:
    """Return what keeps every mail."""
    return RecordingMessenger()


@pytest.fixture
def ports(messenger: RecordingMessenger) -> Ports:
    """Return ports over memory."""
    return attrs.evolve(memory_ports(), messenger=messenger)


def test_owners_hear_of_a_receiving_account(ports: Ports, messenger: RecordingMessenger) -> None:
    """A new account is told to every owner with an address, in their language."""
    kasa = Kasa.over(ports)
    kasa.payments.add_account(shop_of(ports, kasa), ACCOUNT)
    ports.worker.drain(kasa.run)
    told = sorted(one.recipient.address for one in messenger.delivered)
    assert ["dara@shop.example", "sok@shop.example"] == told
    assert {"km"} == {one.message.language for one in messenger.delivered}
    assert not any("000123456" in one.message.text for one in messenger.delivered)


def test_owners_hear_of_new_names_once(ports: Ports, messenger: RecordingMessenger) -> None:
    """A change of the accepted names is told too, and an outage of mail repeats no notice."""
    kasa = Kasa.over(ports)
    owner = shop_of(ports, kasa)
    account = kasa.payments.add_account(owner, ACCOUNT)
    ports.worker.drain(kasa.run)
    messenger.delivered.clear()
    messenger.fails = [ChannelUnavailable()]
    kasa.payments.set_accepted_names(owner, account.id, ("SOK DARA", "SOK D"))
    ports.worker.drain(kasa.run)
    assert 1 == len(messenger.delivered)


def test_a_job_that_runs_twice_queues_a_mail_once(ports: Ports) -> None:
    """A worker that dies after the mails and before the mark repeats the job without a mail."""
    kasa = Kasa.over(ports)
    owner = shop_of(ports, kasa)
    seen: list[Outcome] = []

    def twice(job: Job) -> Outcome:
        if job.reaction == "identity.tell_account_added":
            seen.append(kasa.run(job))
        return kasa.run(job)

    kasa.payments.add_account(owner, ACCOUNT)
    ports.worker.drain(twice)
    messenger = ports.messenger
    assert isinstance(messenger, RecordingMessenger)
    assert 1 == len(seen)
    assert 2 == len(messenger.delivered)


def test_without_mail_nobody_is_told(ports: Ports) -> None:
    """Where no mail is set up the job ends without a trace."""
    ports = attrs.evolve(ports, messenger=NoMessenger())
    kasa = Kasa.over(ports)
    owner = shop_of(ports, kasa)
    kasa.payments.add_account(owner, ACCOUNT)
    assert 1 == ports.worker.drain(kasa.run)
    assert () == ports.worker.failed(owner.tenant)
    assert MailKind.RECEIVING_ACCOUNT is kasa.identity.tell_account.kind
