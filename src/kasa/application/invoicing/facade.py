"""``kasa.invoicing``: everything that is done with invoices, credit notes and customers."""

import attrs

from kasa.application.invoicing.annotating import AnnotateInvoice, NoteInvoice
from kasa.application.invoicing.crediting import (
    ApplyCredit,
    IssueCreditNote,
    RefundCredit,
    ReleaseCredit,
)
from kasa.application.invoicing.customers import (
    AddCustomer,
    ArchiveCustomer,
    EditCustomer,
    RestoreCustomer,
)
from kasa.application.invoicing.delivering import DeliverGoods
from kasa.application.invoicing.drafting import (
    DiscardDraft,
    DraftInvoice,
    DuplicateInvoice,
    PreviewInvoice,
    ReviseDraft,
)
from kasa.application.invoicing.issuing import IssueInvoice
from kasa.application.invoicing.numbering import SetRate, SetSeriesStart
from kasa.application.invoicing.queries import InvoicingQueries
from kasa.application.invoicing.reinstating import Reinstate
from kasa.application.invoicing.sending import PrintInvoice
from kasa.application.invoicing.sharing import (
    EndShareLink,
    OpenShareLink,
    ShareInvoice,
    ShareLinkQueries,
)
from kasa.application.invoicing.voiding import VoidInvoice, WriteOff
from kasa.application.ports.bundle import Ports
from kasa.application.ports.documents import Mark


@attrs.frozen(kw_only=True)
class Invoicing:
    """The use cases of invoicing."""

    preview: PreviewInvoice
    draft: DraftInvoice
    duplicate: DuplicateInvoice
    revise: ReviseDraft
    discard: DiscardDraft
    annotate: AnnotateInvoice
    note: NoteInvoice
    issue: IssueInvoice
    void: VoidInvoice
    write_off: WriteOff
    reinstate: Reinstate
    issue_credit_note: IssueCreditNote
    apply_credit: ApplyCredit
    release_credit: ReleaseCredit
    refund_credit: RefundCredit
    deliver: DeliverGoods
    add_customer: AddCustomer
    edit_customer: EditCustomer
    archive_customer: ArchiveCustomer
    restore_customer: RestoreCustomer
    set_series_start: SetSeriesStart
    set_rate: SetRate
    print_original: PrintInvoice
    print_paid: PrintInvoice
    print_void: PrintInvoice
    queries: InvoicingQueries
    share: ShareInvoice
    end_link: EndShareLink
    open_link: OpenShareLink
    links: ShareLinkQueries

    @classmethod
    def over(cls, ports: Ports) -> "Invoicing":
        """Build the use cases from their ports."""
        works, clock, ids = ports.unit_of_work, ports.clock, ports.ids
        return cls(
            preview=PreviewInvoice(unit_of_work=works),
            draft=DraftInvoice(unit_of_work=works, clock=clock, ids=ids),
            duplicate=DuplicateInvoice(unit_of_work=works, clock=clock, ids=ids),
            revise=ReviseDraft(unit_of_work=works, clock=clock),
            discard=DiscardDraft(unit_of_work=works, clock=clock),
            annotate=AnnotateInvoice(unit_of_work=works, clock=clock),
            note=NoteInvoice(unit_of_work=works, clock=clock),
            issue=IssueInvoice(unit_of_work=works, clock=clock),
            void=VoidInvoice(unit_of_work=works, clock=clock),
            write_off=WriteOff(unit_of_work=works, clock=clock),
            reinstate=Reinstate(unit_of_work=works, clock=clock),
            issue_credit_note=IssueCreditNote(unit_of_work=works, clock=clock, ids=ids),
            apply_credit=ApplyCredit(unit_of_work=works, clock=clock),
            release_credit=ReleaseCredit(unit_of_work=works, clock=clock),
            refund_credit=RefundCredit(unit_of_work=works, clock=clock, ids=ids),
            deliver=DeliverGoods(unit_of_work=works, clock=clock),
            add_customer=AddCustomer(unit_of_work=works, clock=clock, ids=ids),
            edit_customer=EditCustomer(unit_of_work=works, clock=clock),
            archive_customer=ArchiveCustomer(unit_of_work=works, clock=clock),
            restore_customer=RestoreCustomer(unit_of_work=works, clock=clock),
            set_series_start=SetSeriesStart(unit_of_work=works, clock=clock),
            set_rate=SetRate(unit_of_work=works, clock=clock),
            print_original=_printing(ports, Mark.ORIGINAL),
            print_paid=_printing(ports, Mark.PAID),
            print_void=_printing(ports, Mark.VOID),
            queries=InvoicingQueries(unit_of_work=works, clock=clock),
            share=ShareInvoice(unit_of_work=works, digests=ports.digests, clock=clock, ids=ids),
            end_link=EndShareLink(unit_of_work=works, clock=clock),
            open_link=OpenShareLink(unit_of_work=works, clock=clock),
            links=ShareLinkQueries(unit_of_work=works),
        )


def _printing(ports: Ports, mark: Mark) -> PrintInvoice:
    return PrintInvoice(
        mark=mark,
        unit_of_work=ports.unit_of_work,
        printer=ports.printer,
        storage=ports.storage,
        digests=ports.digests,
        public_url=ports.public_url,
        clock=ports.clock,
        ids=ports.ids,
    )
