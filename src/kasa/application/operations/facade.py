"""Everything that can be asked about kasa's own work."""

import attrs

from kasa.application.operations.archiving import ArchiveEvents
from kasa.application.operations.auditing import ReadAudit, ReadHistory
from kasa.application.operations.forgetting import ForgetAnswers, ForgetJobs
from kasa.application.operations.queries import OperationQueries
from kasa.application.operations.reconciling import ReconcileBooks, ReconcileEveryShop
from kasa.application.operations.retrying import PutJobBack, RetryJob
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions


@attrs.frozen(kw_only=True)
class Operations:
    """The use cases of kasa's own work."""

    read_audit: ReadAudit
    read_history: ReadHistory
    retry_job: RetryJob
    put_job_back: PutJobBack
    forget_jobs: ForgetJobs
    reconcile: ReconcileBooks
    reconcile_every: ReconcileEveryShop
    forget_answers: ForgetAnswers
    archive_events: ArchiveEvents
    queries: OperationQueries

    @classmethod
    def over(cls, ports: Ports, reactions: Reactions) -> "Operations":
        """Build the use cases from their ports and the table of reactions."""
        unit_of_work = ports.unit_of_work
        reconcile = ReconcileBooks(unit_of_work=unit_of_work, clock=ports.clock)
        return cls(
            read_audit=ReadAudit(unit_of_work=unit_of_work),
            read_history=ReadHistory(unit_of_work=unit_of_work),
            retry_job=RetryJob(unit_of_work=unit_of_work, clock=ports.clock),
            put_job_back=PutJobBack(
                unit_of_work=unit_of_work, worker=ports.worker, reactions=reactions
            ),
            forget_jobs=ForgetJobs(worker=ports.worker, clock=ports.clock),
            reconcile=reconcile,
            reconcile_every=ReconcileEveryShop(unit_of_work=unit_of_work, reconcile=reconcile),
            forget_answers=ForgetAnswers(unit_of_work=unit_of_work, clock=ports.clock),
            archive_events=ArchiveEvents(
                unit_of_work=unit_of_work, storage=ports.storage, clock=ports.clock
            ),
            queries=OperationQueries(unit_of_work=unit_of_work),
        )
