"""Everything that can be done with catalogue and stock."""

import attrs

from kasa.application.inventory.auditing import AuditEveryStock, AuditStock, RebuildLevel
from kasa.application.inventory.counting import CancelCount, CommitCount, EnterCount, OpenCount
from kasa.application.inventory.moving import AdjustStock, ReturnGoods, UndoMovement
from kasa.application.inventory.products import (
    AddProduct,
    ArchiveProduct,
    EditProduct,
    RestoreProduct,
)
from kasa.application.inventory.queries import InventoryQueries
from kasa.application.inventory.receiving import ReceiveStock
from kasa.application.inventory.reserving import (
    KeepHold,
    ReleaseStock,
    ReserveStock,
    SweepStock,
)
from kasa.application.ports.bundle import Ports


@attrs.frozen(kw_only=True)
class Inventory:
    """The use cases of catalogue and stock; ``sweep`` and ``audit_every`` are the schedule's."""

    add_product: AddProduct
    edit_product: EditProduct
    archive_product: ArchiveProduct
    restore_product: RestoreProduct
    receive: ReceiveStock
    adjust: AdjustStock
    return_goods: ReturnGoods
    undo: UndoMovement
    reserve: ReserveStock
    release: ReleaseStock
    keep_hold: KeepHold
    sweep: SweepStock
    open_count: OpenCount
    enter_count: EnterCount
    commit_count: CommitCount
    cancel_count: CancelCount
    audit: AuditStock
    audit_every: AuditEveryStock
    rebuild: RebuildLevel
    queries: InventoryQueries

    @classmethod
    def over(cls, ports: Ports) -> "Inventory":
        """Build the use cases from their ports."""
        works, clock, ids = ports.unit_of_work, ports.clock, ports.ids
        audit = AuditStock(unit_of_work=works, clock=clock)
        return cls(
            add_product=AddProduct(unit_of_work=works, clock=clock, ids=ids),
            edit_product=EditProduct(unit_of_work=works, clock=clock),
            archive_product=ArchiveProduct(unit_of_work=works, clock=clock),
            restore_product=RestoreProduct(unit_of_work=works, clock=clock),
            receive=ReceiveStock(unit_of_work=works, clock=clock, ids=ids),
            adjust=AdjustStock(unit_of_work=works, clock=clock, ids=ids),
            return_goods=ReturnGoods(unit_of_work=works, clock=clock),
            undo=UndoMovement(unit_of_work=works, clock=clock),
            reserve=ReserveStock(unit_of_work=works, clock=clock, ids=ids),
            release=ReleaseStock(unit_of_work=works, clock=clock),
            keep_hold=KeepHold(unit_of_work=works, clock=clock),
            sweep=SweepStock(unit_of_work=works, clock=clock),
            open_count=OpenCount(unit_of_work=works, clock=clock, ids=ids),
            enter_count=EnterCount(unit_of_work=works, clock=clock),
            commit_count=CommitCount(unit_of_work=works, clock=clock),
            cancel_count=CancelCount(unit_of_work=works, clock=clock),
            audit=audit,
            audit_every=AuditEveryStock(unit_of_work=works, audit=audit),
            rebuild=RebuildLevel(unit_of_work=works, clock=clock),
            queries=InventoryQueries(unit_of_work=works),
        )
