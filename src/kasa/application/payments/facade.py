"""``kasa.payments``: everything that is done with evidence, payments and receiving accounts."""

import attrs

from kasa.application.payments.accounts import (
    AcceptRecipientName,
    AddReceivingAccount,
    ArchiveReceivingAccount,
    SetAcceptedNames,
    SetMatchPolicy,
)
from kasa.application.payments.alert_deciding import AssignAlert, IgnoreAlert, JoinAlert
from kasa.application.payments.alert_queries import AlertQueries
from kasa.application.payments.alerting import TakeBankAlert
from kasa.application.payments.asking import AskBankAgain, BankInquiry
from kasa.application.payments.attacking import AttackPicture
from kasa.application.payments.deciding import (
    ApprovePayment,
    RecordPayment,
    RefundPayment,
    RejectPayment,
    ReopenPayment,
    ReversePayment,
)
from kasa.application.payments.evaluating import Evaluate
from kasa.application.payments.evidence_queries import (
    EvidenceQueries,
    FetchPicture,
    SentQueries,
)
from kasa.application.payments.explaining import ExplainMatch
from kasa.application.payments.forwarding import SendToShop
from kasa.application.payments.queries import PaymentQueries
from kasa.application.payments.reading import EvidenceReader
from kasa.application.payments.rereading import ReadAgain
from kasa.application.payments.reviewing import (
    AskCustomerAgain,
    AssignPayment,
    ClaimPayment,
    DiscardPayment,
)
from kasa.application.payments.showing import AskCode, SayPaid, ShowCodeAgain, ShowKhqr
from kasa.application.payments.submitting import SubmitEvidence
from kasa.application.payments.telling import TellVerdict
from kasa.application.payments.verifying import MergeEvidence, ReviewUnread, VerifyPayment
from kasa.application.payments.waking import WakeWaiting
from kasa.application.ports.bundle import Ports


@attrs.frozen(kw_only=True)
class Payments:
    """The use cases of payments; verify, merge_evidence and review_unread are reactions."""

    submit: SubmitEvidence
    verify: VerifyPayment
    merge_evidence: MergeEvidence
    review_unread: ReviewUnread
    ask_again: AskBankAgain
    ask_code: AskCode
    wake_waiting: WakeWaiting
    show_code: ShowKhqr
    shown_code: ShowCodeAgain
    say_paid: SayPaid
    approve: ApprovePayment
    reject: RejectPayment
    claim: ClaimPayment
    assign: AssignPayment
    ask_customer: AskCustomerAgain
    discard: DiscardPayment
    read_again: ReadAgain
    send_to_shop: SendToShop
    reopen: ReopenPayment
    reverse: ReversePayment
    refund: RefundPayment
    record: RecordPayment
    add_account: AddReceivingAccount
    set_accepted_names: SetAcceptedNames
    accept_name: AcceptRecipientName
    archive_account: ArchiveReceivingAccount
    set_policy: SetMatchPolicy
    take_alert: TakeBankAlert
    assign_alert: AssignAlert
    join_alert: JoinAlert
    ignore_alert: IgnoreAlert
    alerts: AlertQueries
    explain: ExplainMatch
    attack: AttackPicture
    evaluate: Evaluate
    reader: EvidenceReader
    tell: TellVerdict
    queries: PaymentQueries
    evidence: EvidenceQueries
    picture: FetchPicture
    sent: SentQueries

    @classmethod
    def over(cls, ports: Ports) -> "Payments":
        """Build the use cases from their ports."""
        works, clock, ids = ports.unit_of_work, ports.clock, ports.ids
        reader = EvidenceReader(
            storage=ports.storage, codes=ports.codes, recognizer=ports.recognizer
        )
        show = ShowKhqr(unit_of_work=works, bank=ports.bank, clock=clock)
        inquiry = BankInquiry(unit_of_work=works, bank=ports.bank, clock=clock, ids=ids)
        return cls(
            submit=SubmitEvidence(
                unit_of_work=works,
                storage=ports.storage,
                images=ports.images,
                pdf_reader=ports.pdf_reader,
                clock=clock,
                ids=ids,
                secrets=ports.secrets,
            ),
            verify=VerifyPayment(unit_of_work=works, reader=reader, clock=clock, bank=inquiry),
            merge_evidence=MergeEvidence(unit_of_work=works, clock=clock),
            review_unread=ReviewUnread(unit_of_work=works, clock=clock),
            ask_again=AskBankAgain(unit_of_work=works, inquiry=inquiry, clock=clock),
            ask_code=AskCode(unit_of_work=works, inquiry=inquiry, clock=clock, ids=ids),
            wake_waiting=WakeWaiting(unit_of_work=works, clock=clock),
            show_code=show,
            shown_code=ShowCodeAgain(fresh=show),
            say_paid=SayPaid(unit_of_work=works, bank=ports.bank, clock=clock, ids=ids),
            approve=ApprovePayment(unit_of_work=works, clock=clock),
            send_to_shop=SendToShop(unit_of_work=works, clock=clock),
            reject=RejectPayment(unit_of_work=works, clock=clock),
            claim=ClaimPayment(unit_of_work=works, clock=clock),
            assign=AssignPayment(unit_of_work=works, clock=clock),
            ask_customer=AskCustomerAgain(unit_of_work=works, clock=clock),
            discard=DiscardPayment(unit_of_work=works, clock=clock),
            read_again=ReadAgain(unit_of_work=works, reader=reader, clock=clock),
            reopen=ReopenPayment(unit_of_work=works, clock=clock),
            reverse=ReversePayment(unit_of_work=works, clock=clock),
            refund=RefundPayment(unit_of_work=works, clock=clock),
            record=RecordPayment(unit_of_work=works, clock=clock, ids=ids),
            add_account=AddReceivingAccount(unit_of_work=works, clock=clock, ids=ids),
            accept_name=AcceptRecipientName(unit_of_work=works, clock=clock),
            set_accepted_names=SetAcceptedNames(unit_of_work=works, clock=clock),
            archive_account=ArchiveReceivingAccount(unit_of_work=works, clock=clock),
            set_policy=SetMatchPolicy(unit_of_work=works, clock=clock),
            take_alert=TakeBankAlert(unit_of_work=works, clock=clock, ids=ids),
            assign_alert=AssignAlert(unit_of_work=works, clock=clock, ids=ids),
            join_alert=JoinAlert(unit_of_work=works, clock=clock),
            ignore_alert=IgnoreAlert(unit_of_work=works, clock=clock),
            alerts=AlertQueries(unit_of_work=works, clock=clock),
            explain=_explain(ports, reader),
            attack=_attack(ports),
            evaluate=_evaluate(ports),
            reader=reader,
            tell=TellVerdict(wording=ports.wording),
            queries=PaymentQueries(unit_of_work=works),
            evidence=EvidenceQueries(unit_of_work=works, clock=clock),
            picture=FetchPicture(unit_of_work=works, storage=ports.storage),
            sent=SentQueries(unit_of_work=works),
        )


def _explain(ports: Ports, reader: EvidenceReader) -> ExplainMatch:
    return ExplainMatch(
        unit_of_work=ports.unit_of_work,
        images=ports.images,
        pdf_reader=ports.pdf_reader,
        reader=reader,
        clock=ports.clock,
        ids=ports.ids,
    )


def _attack(ports: Ports) -> AttackPicture:
    return AttackPicture(
        images=ports.images,
        pdf_reader=ports.pdf_reader,
        storage=ports.storage,
        codes=ports.codes,
        recognizer=ports.recognizer,
        clock=ports.clock,
    )


def _evaluate(ports: Ports) -> Evaluate:
    return Evaluate(
        images=ports.images,
        storage=ports.storage,
        codes=ports.codes,
        recognizer=ports.recognizer,
        clock=ports.clock,
    )
