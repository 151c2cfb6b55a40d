"""What the bootstrap hands to the entry points, ready to call."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

import attrs

from kasa.application.kasa import Kasa
from kasa.domain.kernel.idempotency import Answered
from kasa.domain.kernel.ids import TenantId
from kasa.domain.kernel.money import Money
from kasa.domain.tenancy.tenant import TenantState

ParametersT = ParamSpec("ParametersT")
AnswerT = TypeVar("AnswerT")


@attrs.frozen(kw_only=True)
class ShopListed:
    """A shop of this installation, as its operator sees it."""

    id: TenantId
    name: str
    state: TenantState
    currency: str


@attrs.frozen(kw_only=True)
class BankState:
    """How the bank is that is asked about payments; ``lack`` is the word of what is wrong now.

    Without ``host`` nobody is asked. ``own`` tells that the host is the central bank's.
    """

    host: str = ""
    own: bool = True
    token_ends: datetime | None = None
    lack: str = ""


@attrs.frozen(kw_only=True)
class WorkerState:
    """How the worker is, by the clock of the database; None for what never was.

    ``heartbeat`` is that of a worker that did not end, ``seen`` the last sign of any,
    ``waiting_since`` tells of the oldest job that is due, ``swept`` of the newest end of a sweep.
    """

    now: datetime
    heartbeat: datetime | None = None
    seen: datetime | None = None
    waiting_since: datetime | None = None
    swept: datetime | None = None


@attrs.frozen(kw_only=True)
class ConnectionsCounted:
    """How many connections all processes may hold at once, and the limit that leaves some free."""

    wanted: int
    limit: int

    @property
    def fit(self) -> bool:
        """Whether the server grants them."""
        return self.wanted <= self.limit


@attrs.frozen(kw_only=True)
class SweepListed:
    """A sweep of the schedule, and what came of its newest period; None while it never ran.

    ``cron`` is in UTC. Of one that failed ``code`` says why, and ``failures`` how often in a row.
    """

    name: str
    cron: str
    period: datetime | None = None
    ended_at: datetime | None = None
    took: timedelta | None = None
    found: int | None = None
    code: str | None = None
    failures: int = 0


@attrs.frozen(kw_only=True, eq=False)
class OpenKasa:
    """A kasa that runs, and what its operator may do beside the use cases, ready to call.

    ``shops`` lists every shop, read as it goes on; ``shop`` returns one, or raises NotFound.
    ``work_off`` runs every job that is due, and those they cause, and counts them. ``sweeps``
    lists the schedule and what came of it. ``codes`` returns the texts of the QR codes in a
    picture. ``pings`` ask the parts outside of the database how they are: each answers in words,
    or raises what is wrong. ``draw_receipt`` draws a sample of the fields of ``SampleReceipt``,
    ``draw_code`` a QR code as a PNG.
    ``clean`` returns the pixels of a picture, re-encoded, with their media type. ``money_text`` is
    an amount as people read it. ``bank`` asks the bank a harmless question.
    ``ready`` raises when the database does not answer. ``cursor_key`` seals where a page ends.
    """

    kasa: Kasa
    now: Callable[[], datetime]
    shops: Callable[[], Iterator[ShopListed]]
    shop: Callable[[TenantId], ShopListed]
    work_off: Callable[[], int]
    sweeps: Callable[[], tuple[SweepListed, ...]]
    codes: Callable[[bytes], tuple[str, ...]]
    pings: Mapping[str, Callable[[], str]]
    draw_receipt: Callable[..., bytes]
    draw_code: Callable[[str], bytes]
    clean: Callable[[bytes], tuple[str, bytes]]
    money_text: Callable[[Money], str]
    bank: Callable[[], BankState]
    repeat: Callable[..., Any]
    ready: Callable[[], None]
    cursor_key: bytes = attrs.field(repr=False)

    def do(
        self,
        use_case: Callable[ParametersT, AnswerT],
        *arguments: ParametersT.args,
        **options: ParametersT.kwargs,
    ) -> AnswerT:
        """Call a use case as a door does: again when it collides, a stored answer as an answer."""
        try:
            made: AnswerT = self.repeat(use_case, *arguments, **options)
        except Answered as before:
            made = before.value
        return made


@attrs.frozen(kw_only=True, eq=False)
class OpenWorker:
    """The jobs of one process, ready to call.

    ``run`` runs jobs until what it is given answers true; it raises ``store.unavailable`` when the
    database is lost, and may be called again. ``sweep`` runs what the schedule has due, and counts
    it. ``put_back`` gives what still runs to others, and counts it. ``fault`` says why this
    process should be replaced, if it should. ``is_quiet`` tells that its loop stands still.
    """

    run: Callable[[Callable[[], bool]], None]
    sweep: Callable[[], int]
    put_back: Callable[[], int]
    fault: Callable[[], str | None]
    is_quiet: Callable[[], bool]
