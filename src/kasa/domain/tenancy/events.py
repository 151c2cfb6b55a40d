"""What happens to a shop as a whole."""

from datetime import datetime

import attrs

from kasa.domain.kernel.events import Event


@attrs.frozen(kw_only=True)
class TenantOpened(Event):
    """A shop was opened."""

    kind = "tenancy.tenant_opened"


@attrs.frozen(kw_only=True)
class TenantChanged(Event):
    """The profile or the settings of a shop changed; ``fields`` names which."""

    kind = "tenancy.tenant_changed"

    fields: tuple[str, ...]


@attrs.frozen(kw_only=True)
class TenantSuspended(Event):
    """A shop was suspended by the operator."""

    kind = "tenancy.tenant_suspended"


@attrs.frozen(kw_only=True)
class TenantReopened(Event):
    """A suspended shop was opened again."""

    kind = "tenancy.tenant_reopened"


@attrs.frozen(kw_only=True)
class TenantClosed(Event):
    """A shop was closed; unless that is withdrawn it may be erased at ``erasable_at``."""

    kind = "tenancy.tenant_closed"

    erasable_at: datetime


@attrs.frozen(kw_only=True)
class TenantCloseWithdrawn(Event):
    """A closed shop stays after all."""

    kind = "tenancy.tenant_close_withdrawn"


@attrs.frozen(kw_only=True)
class TenantExported(Event):
    """Everything of a shop was handed out as one archive, known by the digest of its manifest."""

    kind = "tenancy.tenant_exported"

    rows: int
    files: int
    sha256: str


@attrs.frozen(kw_only=True)
class TenantErased(Event):
    """A shop was erased; ``subject`` is made from its identifier and does not name it.

    ``archive`` is the digest of the archive that its owner was given, ``reason`` the word for
    which the 30 days were not waited for, if they were not.
    """

    kind = "tenancy.tenant_erased"

    rows: int
    files: int
    jobs: int
    archive: str
    reason: str
