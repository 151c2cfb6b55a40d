"""Everything that can be done with a shop as a whole."""

import attrs

from kasa.application.ports.bundle import Ports
from kasa.application.tenancy.changing import ChangeProfile, ReopenTenant, SuspendTenant
from kasa.application.tenancy.closing import CloseTenant, WithdrawClose
from kasa.application.tenancy.erasing import EraseTenant
from kasa.application.tenancy.exporting import ExportTenant, NoteExport
from kasa.application.tenancy.opening import OpenTenant
from kasa.application.tenancy.queries import TenancyQueries


@attrs.frozen(kw_only=True)
class Tenancy:
    """The use cases of a shop as a whole."""

    open: OpenTenant
    change_profile: ChangeProfile
    suspend: SuspendTenant
    reopen: ReopenTenant
    close: CloseTenant
    withdraw_close: WithdrawClose
    export: ExportTenant
    erase: EraseTenant
    queries: TenancyQueries

    @classmethod
    def over(cls, ports: Ports) -> "Tenancy":
        """Build the use cases from their ports."""
        unit_of_work, clock = ports.unit_of_work, ports.clock
        return cls(
            open=OpenTenant(unit_of_work=unit_of_work, clock=clock, ids=ports.ids),
            change_profile=ChangeProfile(unit_of_work=unit_of_work, clock=clock),
            suspend=SuspendTenant(unit_of_work=unit_of_work, clock=clock),
            reopen=ReopenTenant(unit_of_work=unit_of_work, clock=clock),
            close=CloseTenant(unit_of_work=unit_of_work, clock=clock),
            withdraw_close=WithdrawClose(unit_of_work=unit_of_work, clock=clock),
            export=ExportTenant(
                unit_of_work=unit_of_work,
                storage=ports.storage,
                clock=clock,
                note=NoteExport(unit_of_work=unit_of_work),
            ),
            erase=EraseTenant(
                unit_of_work=unit_of_work, worker=ports.worker, storage=ports.storage, clock=clock
            ),
            queries=TenancyQueries(unit_of_work=unit_of_work),
        )
