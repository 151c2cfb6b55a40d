"""Asks what is read and stored of a shop's members, invitations, keys and links."""

from datetime import timedelta
from typing import Any

import attrs

from kasa.adapters.conformance.identity.keys import api_key, service_client
from kasa.adapters.conformance.identity.making import People
from kasa.adapters.conformance.identity.members import invited, joined
from kasa.domain.identity.access import Role
from kasa.domain.identity.one_time_link import LinkPurpose


def walk_people(walk: Any) -> None:
    """Put one of each into the shop, and ask every method about it."""
    people = People.of(walk.desk.ports)
    owner, at = walk.desk.owner, people.at
    member, invitation = joined(people, Role.OWNER), invited(people)
    key, client = api_key(people), service_client(people)
    link = attrs.evolve(people.link(LinkPurpose.INVITATION), tenant=owner.tenant)
    with walk.desk.ports.unit_of_work(owner) as work:
        work.members.add(member)
        work.invitations.add(invitation)
        work.keys.add(key)
        work.clients.add(client)
        work.tenant_links.put(link)
    walk.asking(
        lambda work: work.members.of(member.user),
        lambda work: work.members.owners(),
        lambda work: work.members.save(work.members.lock(member.id).with_role(Role.USER)),
        lambda work: work.members.remove(work.members.lock(member.id).id),
        lambda work: work.invitations.of_link(invitation.link),
        lambda work: work.invitations.open_for(invitation.email, at=at),
        lambda work: work.invitations.count_open(at=at),
        lambda work: work.invitations.save(
            attrs.evolve(work.invitations.lock(invitation.id), ended_at=at)
        ),
        lambda work: work.keys.count_live(at=at),
        lambda work: work.keys.save(attrs.evolve(work.keys.lock(key.id), ended_at=at)),
        lambda work: work.clients.count_live(at=at),
        lambda work: work.clients.save(attrs.evolve(work.clients.lock(client.id), ended_at=at)),
        lambda work: work.tenant_links.use(link.purpose, link.secret_hash, at=at),
        lambda work: work.tenant_links.end(link.id, at=at + timedelta(seconds=1)),
    )
    walk.viewing(
        lambda view: view.members.all(),
        lambda view: view.members.of(member.user),
        lambda view: view.members.show(member.id),
        lambda view: view.invitations.open(at=at),
        lambda view: view.keys.all(),
        lambda view: view.keys.show(key.id),
        lambda view: view.clients.all(),
        lambda view: view.clients.show(client.id),
    )
