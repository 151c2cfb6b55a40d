"""Members of a shop, held still while somebody counts them."""

from kasa.application.ports.work import UnitOfWork
from kasa.domain.identity.user import Membership
from kasa.domain.kernel.text import Name


def hold_shop(work: UnitOfWork) -> Name:
    """Lock the shop, so that its members, invitations and programs are counted by one at a time.

    Returns its name.
    """
    return work.tenants.lock().profile.name


def hold_owners(work: UnitOfWork) -> tuple[Membership, ...]:
    """Lock the shop, then its owners, and return them: the last one stays."""
    hold_shop(work)
    return work.members.owners()
