"""Which event starts what: data, read by the queue, held equal to the use cases by a test."""

from datetime import timedelta

from kasa.application.ports.events import Reaction, Reactions
from kasa.application.ports.jobs import Queue
from kasa.domain.files.events import FileRemoved
from kasa.domain.identity.events import ACCESS_EVENTS, MailQueued, MemberInvited
from kasa.domain.invoicing.events import InvoiceIssued, InvoicePaid, InvoiceVoided
from kasa.domain.kernel.events import Event, JobFailed, JobRetryAsked, OperatorAlert
from kasa.domain.kernel.retry import RetryPolicy
from kasa.domain.payments.events import (
    AcceptedNamesChanged,
    BankAskDue,
    CodeAskDue,
    DuplicateSubmitted,
    EvidenceSubmitted,
    ReceivingAccountAdded,
)

POLICIES: dict[Queue, RetryPolicy] = {
    Queue.MONEY: RetryPolicy(
        first=timedelta(seconds=2),
        factor=2,
        ceiling=timedelta(minutes=1),
        give_up_after=timedelta(hours=24),
    ),
    Queue.TELEGRAM: RetryPolicy(
        first=timedelta(seconds=2),
        factor=5,
        ceiling=timedelta(minutes=1),
        give_up_after=timedelta(hours=1),
    ),
    Queue.MESSAGES: RetryPolicy(
        first=timedelta(seconds=5),
        factor=3,
        ceiling=timedelta(minutes=15),
        give_up_after=timedelta(hours=1),
    ),
    Queue.BULK: RetryPolicy(
        first=timedelta(seconds=30),
        factor=3,
        ceiling=timedelta(hours=1),
        give_up_after=timedelta(hours=24),
    ),
}

VERIFYING = RetryPolicy(
    first=timedelta(seconds=10),
    factor=6,
    ceiling=timedelta(seconds=300),
    give_up_after=timedelta(hours=1),
)
"""Of what is ordered by payment: what waits behind it waits at most an hour."""

REACTIONS = Reactions(
    (
        Reaction(
            event=FileRemoved,
            name="files.remove_bytes",
            queue=Queue.BULK,
            policy=POLICIES[Queue.BULK],
        ),
        Reaction(
            event=InvoiceIssued,
            name="invoicing.print_original",
            queue=Queue.MONEY,
            policy=POLICIES[Queue.MONEY],
        ),
        Reaction(
            event=InvoicePaid,
            name="invoicing.print_paid",
            queue=Queue.MONEY,
            policy=POLICIES[Queue.MONEY],
        ),
        Reaction(
            event=InvoiceVoided,
            name="invoicing.print_void",
            queue=Queue.MONEY,
            policy=POLICIES[Queue.MONEY],
        ),
        Reaction(
            event=EvidenceSubmitted,
            name="inventory.keep_hold",
            queue=Queue.MONEY,
            policy=POLICIES[Queue.MONEY],
            when=lambda event: event.invoice is not None,
        ),
        Reaction(
            event=EvidenceSubmitted,
            name="payments.verify",
            queue=Queue.MONEY,
            policy=VERIFYING,
            order=lambda event: str(event.subject),
            rank=lambda event: event.rank,
        ),
        Reaction(
            event=DuplicateSubmitted,
            name="payments.merge_evidence",
            queue=Queue.MONEY,
            policy=VERIFYING,
            order=lambda event: str(event.first),
            when=lambda event: event.first_undecided and not event.same_file,
        ),
        Reaction(
            event=JobFailed,
            name="payments.review_unread",
            queue=Queue.MONEY,
            policy=POLICIES[Queue.MONEY],
            when=lambda event: event.reaction in {"payments.verify", "payments.ask_again"},
        ),
        Reaction(
            event=BankAskDue,
            name="payments.ask_again",
            queue=Queue.MONEY,
            policy=POLICIES[Queue.MONEY],
            due=lambda event: event.at,
        ),
        Reaction(
            event=CodeAskDue,
            name="payments.ask_code",
            queue=Queue.MONEY,
            policy=POLICIES[Queue.MONEY],
            due=lambda event: event.at,
        ),
        Reaction(
            event=MailQueued,
            name="identity.send_mail",
            queue=Queue.MESSAGES,
            policy=POLICIES[Queue.MESSAGES],
        ),
        Reaction(
            event=ReceivingAccountAdded,
            name="identity.tell_account_added",
            queue=Queue.MESSAGES,
            policy=POLICIES[Queue.MESSAGES],
        ),
        Reaction(
            event=AcceptedNamesChanged,
            name="identity.tell_names_changed",
            queue=Queue.MESSAGES,
            policy=POLICIES[Queue.MESSAGES],
        ),
        Reaction(
            event=OperatorAlert,
            name="identity.tell_operator",
            queue=Queue.MESSAGES,
            policy=POLICIES[Queue.MESSAGES],
        ),
        Reaction(
            event=MemberInvited,
            name="identity.mail_invitation",
            queue=Queue.MESSAGES,
            policy=POLICIES[Queue.MESSAGES],
        ),
        Reaction(
            event=Event,
            name="identity.tell_owners",
            queue=Queue.MESSAGES,
            policy=POLICIES[Queue.MESSAGES],
            when=lambda event: isinstance(event, ACCESS_EVENTS),
        ),
        Reaction(
            event=JobRetryAsked,
            name="operations.put_job_back",
            queue=Queue.MONEY,
            policy=POLICIES[Queue.MONEY],
        ),
    )
)
