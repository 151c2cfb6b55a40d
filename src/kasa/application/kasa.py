"""``Kasa``: every use case, grouped by context, over one set of ports."""

from collections.abc import Mapping

import attrs

from kasa.application.files.facade import Files
from kasa.application.identity.facade import Identity
from kasa.application.inventory.facade import Inventory
from kasa.application.invoicing.facade import Invoicing
from kasa.application.operations.facade import Operations
from kasa.application.payments.facade import Payments
from kasa.application.ports.bundle import Ports
from kasa.application.reactions import REACTIONS
from kasa.application.running import ReactionCall, RunJob, RunSweep
from kasa.application.schedule import matched
from kasa.application.subscriptions.facade import Subscriptions
from kasa.application.tenancy.facade import Tenancy


@attrs.frozen(kw_only=True)
class Kasa:
    """The whole application; ``run`` runs one job and is what a worker is given.

    ``sweep`` runs one of ``SWEEPS`` and is what a schedule is given.
    """

    tenancy: Tenancy
    identity: Identity
    files: Files
    invoicing: Invoicing
    inventory: Inventory
    payments: Payments
    operations: Operations
    subscriptions: Subscriptions
    run: RunJob
    sweep: RunSweep

    @classmethod
    def over(cls, ports: Ports) -> "Kasa":
        """Build every use case over the ports."""
        files = Files.over(ports)
        identity = Identity.over(ports)
        inventory = Inventory.over(ports)
        invoicing = Invoicing.over(ports)
        payments = Payments.over(ports)
        operations = Operations.over(ports, REACTIONS)
        calls: Mapping[str, ReactionCall] = {
            "identity.send_mail": identity.send_mail,
            "identity.tell_account_added": identity.tell_account,
            "identity.tell_names_changed": identity.tell_account,
            "identity.tell_operator": identity.tell_operator,
            "identity.mail_invitation": identity.staff.mail_invitation,
            "identity.tell_owners": identity.staff.tell_owners,
            "files.remove_bytes": files.remove_bytes,
            "invoicing.print_original": invoicing.print_original,
            "invoicing.print_paid": invoicing.print_paid,
            "invoicing.print_void": invoicing.print_void,
            "inventory.keep_hold": inventory.keep_hold,
            "payments.ask_again": payments.ask_again,
            "payments.ask_code": payments.ask_code,
            "payments.merge_evidence": payments.merge_evidence,
            "payments.review_unread": payments.review_unread,
            "payments.verify": payments.verify,
            "operations.put_job_back": operations.put_job_back,
        }
        return cls(
            tenancy=Tenancy.over(ports),
            identity=identity,
            files=files,
            invoicing=invoicing,
            inventory=inventory,
            payments=payments,
            operations=operations,
            subscriptions=Subscriptions.over(ports),
            run=RunJob(
                unit_of_work=ports.unit_of_work,
                clock=ports.clock,
                reactions=REACTIONS,
                calls=REACTIONS.matched(calls),
            ),
            sweep=RunSweep(
                calls=matched(
                    {
                        "inventory.sweep": inventory.sweep,
                        "inventory.audit_every": inventory.audit_every,
                        "payments.wake_waiting": payments.wake_waiting,
                        "operations.reconcile_every": operations.reconcile_every,
                        "operations.forget_jobs": operations.forget_jobs,
                        "operations.forget_answers": operations.forget_answers,
                        "identity.forget_proofs": identity.forget_proofs,
                        "operations.archive_events": operations.archive_events,
                        "files.clear": files.clear,
                    }
                ),
            ),
        )
