"""What happens to a shop as a whole."""

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
