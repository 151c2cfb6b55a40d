"""What every store of one-time links must do."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.identity.making import People
from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.one_time_link import LinkPurpose, OneTimeLink
from kasa.domain.kernel.ids import TenantId, UserId

SECOND = timedelta(seconds=1)


class LinksConformance:
    """Links across shops, and those into one shop."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_link_survives_the_round_trip(self) -> None:
        """It is found by the digest of its token and its purpose together."""
        people = People.of(self.make_ports())
        bare = people.link()
        full = attrs.evolve(
            people.link(LinkPurpose.MAGIC),
            code_mac=people.digest(),
            browser_hash=people.digest(),
            user=UserId(people.ports.ids.new(people.at)),
            tenant=TenantId(people.ports.ids.new(people.at)),
            subject="sokha@example.com",
        )
        with people.ports.unit_of_work.platform() as work:
            work.links.add(bare)
            work.links.add(full)
        with people.ports.unit_of_work.platform() as work:
            assert bare == work.links.get(LinkPurpose.RESET, bare.secret_hash)
            assert full == work.links.get(LinkPurpose.MAGIC, full.secret_hash)
            assert work.links.get(LinkPurpose.MAGIC, bare.secret_hash) is None
            assert work.links.lock(LinkPurpose.RESET, people.digest()) is None
            locked = work.links.lock(LinkPurpose.RESET, bare.secret_hash)
            assert bare == locked
            work.links.save(bare.tried().used(at=people.at))
        with people.ports.unit_of_work.platform() as work:
            found = work.links.get(LinkPurpose.RESET, bare.secret_hash)
            assert bare.tried().used(at=people.at) == found
            with pytest.raises(RuntimeError):
                work.links.save(full)

    def test_the_newest_of_a_browser_is_found(self) -> None:
        """Of those that were asked for in it, for this purpose."""
        people = People.of(self.make_ports())
        browser = people.digest()
        first, second = (
            attrs.evolve(people.link(LinkPurpose.MAGIC), browser_hash=browser) for _ in range(2)
        )
        other = attrs.evolve(people.link(), browser_hash=browser)
        with people.ports.unit_of_work.platform() as work:
            for link in (first, second, other):
                work.links.add(link)
        with people.ports.unit_of_work.platform() as work:
            assert second == work.links.lock_asked(LinkPurpose.MAGIC, browser)
            assert work.links.lock_asked(LinkPurpose.MAGIC, people.digest()) is None
            work.links.save(second.tried())

    def test_open_links_of_a_person_end_together(self) -> None:
        """For one purpose; used and expired ones are not counted."""
        people = People.of(self.make_ports())
        user = UserId(people.ports.ids.new(people.at))
        mine = [attrs.evolve(people.link(), user=user) for _ in range(3)]
        late = attrs.evolve(mine[2], until=people.at)
        magic = attrs.evolve(people.link(LinkPurpose.MAGIC), user=user)
        nobodys = people.link()
        with people.ports.unit_of_work.platform() as work:
            for link in (mine[0], mine[1], late, magic, nobodys):
                work.links.add(link)
            assert work.links.end(user, LinkPurpose.RESET, at=people.at) == 2
            assert work.links.end(user, LinkPurpose.RESET, at=people.at) == 0
        with people.ports.unit_of_work.platform() as work:
            ended = work.links.get(LinkPurpose.RESET, mine[0].secret_hash)
            assert ended is not None
            assert not ended.is_open(people.at)
            for link in (magic, nobodys):
                assert link == work.links.get(link.purpose, link.secret_hash)

    def test_a_shop_uses_its_link_once(self) -> None:
        """Put and used in units of work of the shop; the platform sees what was used."""
        people = People.of(self.make_ports())
        owner = new_shop(people.ports)
        link = _into(people, owner.tenant)
        with people.ports.unit_of_work(owner) as work:
            work.tenant_links.put(link)
        with people.ports.unit_of_work.platform() as work:
            assert link == work.links.get(link.purpose, link.secret_hash)
        at = people.at + SECOND
        with people.ports.unit_of_work(owner) as work:
            assert work.tenant_links.use(LinkPurpose.RESET, link.secret_hash, at=at) is None
            used = work.tenant_links.use(link.purpose, link.secret_hash, at=at)
            assert link.used(at=at) == used
            assert work.tenant_links.use(link.purpose, link.secret_hash, at=at) is None
        with people.ports.unit_of_work.platform() as work:
            assert link.used(at=at) == work.links.get(link.purpose, link.secret_hash)

    def test_a_rolled_back_use_is_none(self) -> None:
        """Link and membership commit as one."""
        people = People.of(self.make_ports())
        owner = new_shop(people.ports)
        link = _into(people, owner.tenant)
        with people.ports.unit_of_work(owner) as work:
            work.tenant_links.put(link)
        with pytest.raises(ZeroDivisionError), people.ports.unit_of_work(owner) as work:
            work.tenant_links.use(link.purpose, link.secret_hash, at=people.at)
            raise ZeroDivisionError
        with people.ports.unit_of_work.platform() as work:
            assert link == work.links.get(link.purpose, link.secret_hash)

    def test_expired_and_ended_links_open_nothing(self) -> None:
        """At their last moment and after; ending one that is over changes nothing."""
        people = People.of(self.make_ports())
        owner = new_shop(people.ports)
        late, ended = _into(people, owner.tenant), _into(people, owner.tenant)
        with people.ports.unit_of_work(owner) as work:
            work.tenant_links.put(late)
            work.tenant_links.put(ended)
        with people.ports.unit_of_work(owner) as work:
            assert work.tenant_links.use(late.purpose, late.secret_hash, at=late.until) is None
            work.tenant_links.end(ended.id, at=people.at)
            work.tenant_links.end(ended.id, at=people.at + SECOND)
            assert work.tenant_links.use(ended.purpose, ended.secret_hash, at=people.at) is None
        with people.ports.unit_of_work.platform() as work:
            found = work.links.get(ended.purpose, ended.secret_hash)
            assert ended.used(at=people.at) == found

    def test_there_is_no_way_to_another_shops_links(self) -> None:
        """Nor to those of none: not put, not used, not ended."""
        people = People.of(self.make_ports())
        owner, stranger = new_shop(people.ports), new_shop(people.ports)
        link, nobodys = _into(people, owner.tenant), people.link(LinkPurpose.INVITATION)
        with people.ports.unit_of_work.platform() as work:
            work.links.add(link)
            work.links.add(nobodys)
        with people.ports.unit_of_work(stranger) as work:
            for one in (link, nobodys):
                assert work.tenant_links.use(one.purpose, one.secret_hash, at=people.at) is None
                work.tenant_links.end(one.id, at=people.at)
        with pytest.raises(RuntimeError), people.ports.unit_of_work(stranger) as work:
            work.tenant_links.put(_into(people, owner.tenant))
        with people.ports.unit_of_work.platform() as work:
            for one in (link, nobodys):
                assert one == work.links.get(one.purpose, one.secret_hash)


def _into(people: People, tenant: TenantId) -> OneTimeLink:
    return attrs.evolve(
        people.link(LinkPurpose.INVITATION), tenant=tenant, subject="dara@example.com"
    )
