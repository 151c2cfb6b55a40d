"""Erasing a shop: every row, job and file, once its owner has the archive in hand."""

from contextlib import suppress
from hashlib import sha256

import attrs

from kasa.application.ports.jobs import Worker
from kasa.application.ports.storage import FileStorage
from kasa.application.ports.system import Clock
from kasa.application.ports.work import ReadOnly, UnitOfWorkFactory
from kasa.application.tenancy.archived import TABLES, ArchiveChecked, ArchiveForeign, Kept
from kasa.application.tenancy.exporting import LEFT_OUT
from kasa.domain.identity.access import Actor, Permission, PlatformActor, RoleTooLow
from kasa.domain.kernel.errors import Conflict, NotFound, Unavailable
from kasa.domain.kernel.ids import PLATFORM, TenantId
from kasa.domain.tenancy.erasure import EraseReason, erased_mark
from kasa.domain.tenancy.events import TenantErased
from kasa.domain.tenancy.tenant import TenantState

GROWS = frozenset({"events", "reactions_done"})
"""Tables that the export itself, and sweeps beside it, add to."""

MOVES = frozenset({"tenants"})
"""Tables of which closing the shop changes the row; of them, rows are counted alone."""


class ArchiveOutdated(Conflict):
    """The shop is not any more what the archive holds: make another one."""

    code = "archive.outdated"


class ArchiveIncomplete(Conflict):
    """Files of the shop are missing or damaged: see that the file storage is the right one."""

    code = "archive.incomplete"


class ErasureIncomplete(Unavailable):
    """Something of the shop is still there; run it again."""

    code = "tenant.erasure_incomplete"


@attrs.frozen(kw_only=True)
class Erased:
    """What went in this run, and which records the owner has to keep from now on."""

    rows: int
    jobs: int
    files: int
    kept: tuple[Kept, ...]


@attrs.frozen(kw_only=True, eq=False)
class EraseTenant:
    """Erase a shop that was closed 30 days ago; with a reason at once.

    It goes in steps, each of which may be repeated: killed anywhere, the next run completes it.
    At the end nothing is left that holds the shop's identifier. That a reference was seen stays,
    as a digest of which nobody can read the shop or the reference, so that a receipt of this shop
    pays nothing in another one.
    """

    unit_of_work: UnitOfWorkFactory
    worker: Worker
    storage: FileStorage
    clock: Clock

    def __call__(
        self,
        who: PlatformActor,
        tenant: TenantId,
        archive: ArchiveChecked,
        *,
        reason: EraseReason | None = None,
    ) -> Erased:
        """Erase the shop of an archive that was read back whole, and return what went.

        Raises ``access.role_too_low`` for anybody but the operator, ``archive.foreign``,
        ``archive.outdated``, ``archive.incomplete``, ``tenant.wrong_state``, ``tenant.not_yet``,
        ``store.busy`` while one of its jobs runs, and ``tenant.erasure_incomplete``.
        """
        if not who.operator:
            raise RoleTooLow(permission=Permission.CLOSE_TENANT.value)
        if archive.manifest.tenant != tenant:
            raise ArchiveForeign
        self._begin(tenant, archive, forced=reason is not None)
        jobs = self.worker.remove_all(tenant)
        files = self.storage.remove_all(tenant)
        rows = self._forget(who, tenant)
        jobs += self.worker.remove_all(tenant)
        files += self.storage.remove_all(tenant)
        self._refuse_left(tenant)
        told = TenantErased(
            subject=erased_mark(tenant),
            rows=rows,
            files=files,
            jobs=jobs,
            archive=archive.sha256,
            reason=reason.value if reason else "",
        )
        self._tell(who, told)
        return Erased(rows=rows, jobs=jobs, files=files, kept=archive.kept)

    def _begin(self, tenant: TenantId, archive: ArchiveChecked, *, forced: bool) -> None:
        """Put the shop where no way leads back from; one whose row is gone is there already."""
        scope, now = Actor.system(tenant), self.clock.now()
        with suppress(NotFound):
            with self.unit_of_work.read_only(scope, snapshot=True) as view:
                is_erasing = view.tenant.state is TenantState.ERASING
                if is_erasing:
                    return
                _refuse_outdated(archive, view)
            if not forced and (archive.manifest.missing or archive.manifest.damaged):
                raise ArchiveIncomplete
            with self.unit_of_work(scope) as work:
                work.tenants.save(work.tenants.lock().erase(at=now, forced=forced))

    def _forget(self, who: PlatformActor, tenant: TenantId) -> int:
        count = 0
        while True:
            with self.unit_of_work.platform(who) as work:
                gone = work.tenants.forget(tenant)
            if gone == 0:
                return count
            count += gone

    def _refuse_left(self, tenant: TenantId) -> None:
        with self.unit_of_work.read_only(Actor.system(tenant)) as view:
            left = [f"{name}: {count}" for name, count in view.tables.counts().items()]
        files = sum(1 for _ in self.storage.keys_of(tenant))
        if files:
            left.append(f"stored files: {files}")
        if left:
            raise ErasureIncomplete(left=tuple(left), retry_after=5)

    def _tell(self, who: PlatformActor, told: TenantErased) -> None:
        with self.unit_of_work.read_only(Actor.system(PLATFORM)) as view:
            if view.events.about(told.subject):
                return
        with self.unit_of_work.platform(who) as work:
            work.events.record(told, at=self.clock.now())


def _refuse_outdated(archive: ArchiveChecked, view: ReadOnly) -> None:
    """Raise ``archive.outdated`` unless the rows that would go are those that were written.

    An invoice that was voided since is one row as before, so lines are compared and not only
    counted.
    """
    held = {
        one.name.removeprefix(TABLES).removesuffix(".jsonl"): one for one in archive.manifest.tables
    }
    counts = view.tables.counts()
    for name in sorted((held.keys() | counts.keys()) - LEFT_OUT):
        there, written = counts.get(name, 0), held[name].rows if name in held else 0
        if there != written and not (name in GROWS and there > written):
            raise ArchiveOutdated(table=name)
        if there and name not in GROWS | MOVES and held[name].sha256 != _digest(view, name):
            raise ArchiveOutdated(table=name)


def _digest(view: ReadOnly, table: str) -> str:
    made = sha256()
    for line in view.tables.lines(table):
        made.update(f"{line}\n".encode())
    return made.hexdigest()
