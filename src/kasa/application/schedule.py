"""What the schedule runs: use cases that find everything that is due, whenever they run."""

import attrs


@attrs.frozen(kw_only=True)
class Sweep:
    """A use case without caller; ``cron`` is in UTC: minute, hour, day, month, weekday."""

    name: str
    cron: str


SWEEPS: tuple[Sweep, ...] = (
    Sweep(name="inventory.sweep", cron="* * * * *"),
    Sweep(name="inventory.audit_every", cron="20 19 * * *"),
)
