"""A request that is repeated under its key has one effect and one answer, whatever happened."""

import os
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from signal import SIGKILL
from time import monotonic, sleep

import attrs
import pytest

from kasa.adapters.conformance.shops import new_shop, with_key
from kasa.adapters.postgres.database import PostgresDatabase
from kasa.application.inventory.products import ProductFields
from kasa.application.inventory.receiving import ReceivedLine
from kasa.application.kasa import Kasa
from kasa.application.payments.deciding import Approval, Cash
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor
from kasa.domain.inventory.level import StockInsufficient
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.credit_note import CreditReason, WantedNote
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.errors import Unavailable
from kasa.domain.kernel.idempotency import Answered, InProgress, KeyReused
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.kernel.text import name
from tests.integration.conftest import Database, rewritten
from tests.integration.postgres.leftovers import left_in
from tests.integration.postgres.racing import at_once, end_of, wide_ports
from tests.unit.journeys.steps import Steps

pytestmark = [pytest.mark.integration, pytest.mark.A7]

SMALL_AND_WHOLE = [10, pytest.param(50, marks=pytest.mark.deep)]
KEY = "8f14e45f"
PATIENCE_SECONDS = 60
OFTEN = ("issue", "pay", "submit", "add product")
KILLED_VERBS = ("issue", "pay", "submit")
SMALL_STRIDE = 5
NEVER, AT_THE_END = -1, -2
LOST_AT = 5

Act = Callable[[Actor], object]


def _draft(steps: Steps) -> Act:
    line = WantedLine(product=steps.scarf.id, quantity=Decimal(1))
    return lambda actor: steps.kasa.invoicing.draft(actor, WantedInvoice(lines=(line,)))


def _issue(steps: Steps) -> Act:
    made = _draft(steps)(steps.owner)
    assert isinstance(made, Invoice)
    return lambda actor: steps.kasa.invoicing.issue(actor, made.id)


def _pay(steps: Steps) -> Act:
    cash = Cash(invoice=steps.issue().id, amount=Money(40_000, KHR))
    return lambda actor: steps.kasa.payments.record(actor, cash)


def _submit(steps: Steps) -> Act:
    new = NewEvidence(pictures=(b"a receipt",), invoice=steps.issue().id)
    return lambda actor: steps.kasa.payments.submit(actor, new)


def _approve(steps: Steps) -> Act:
    invoice = steps.issue()
    new = NewEvidence(pictures=(b"a receipt",), invoice=invoice.id)
    (payment,) = steps.kasa.payments.submit(steps.owner, new).payments
    amount = Money(40_000, KHR)
    seen = Approval(version=payment.version, amount=amount, reason="seen in the app")
    return lambda actor: steps.kasa.payments.approve(actor, payment.id, seen)


def _credit(steps: Steps) -> Act:
    invoice, wanted = steps.issue(), WantedNote(reason=CreditReason.GOODWILL)
    return lambda actor: steps.kasa.invoicing.issue_credit_note(actor, invoice.id, wanted)


def _void(steps: Steps) -> Act:
    invoice = steps.issue()
    return lambda actor: steps.kasa.invoicing.void(actor, invoice.id, "ordered twice")


def _add_product(steps: Steps) -> Act:
    fields = ProductFields(name="Bag", code="BAG", price=Decimal(9000), currency=KHR)
    return lambda actor: steps.kasa.inventory.add_product(actor, fields, on_hand=4)


def _add_customer(steps: Steps) -> Act:
    details = CustomerDetails(name=name("Dara"))
    return lambda actor: steps.kasa.invoicing.add_customer(actor, details)


def _receive(steps: Steps) -> Act:
    line = ReceivedLine(product=steps.scarf.id, quantity=Decimal(5), total_cost=Money(9000, KHR))
    return lambda actor: steps.kasa.inventory.receive(actor, [line])


VERBS: dict[str, Callable[[Steps], Act]] = {
    "draft": _draft,
    "issue": _issue,
    "pay": _pay,
    "submit": _submit,
    "approve": _approve,
    "credit": _credit,
    "void": _void,
    "add product": _add_product,
    "add customer": _add_customer,
    "receive": _receive,
}


def _shop(ports: Ports) -> Steps:
    return Steps.open(Kasa.over(ports), ports)


def _requested(steps: Steps, fingerprint: str = "a body") -> Actor:
    return with_key(steps.owner, KEY, route="POST /x", fingerprint=fingerprint)


SOME_VERBS = [
    verb if verb in OFTEN else pytest.param(verb, marks=pytest.mark.deep) for verb in VERBS
]


@pytest.mark.parametrize("contenders", SMALL_AND_WHOLE)
@pytest.mark.parametrize("verb", SOME_VERBS)
def test_equal_requests_at_once_have_one_effect(
    verb: str, contenders: int, database: Database
) -> None:
    """One runs, the others are told so or get its answer; a later one gets the same answer."""
    ports = wide_ports(database)
    raced, alone = _shop(ports), _shop(ports)
    VERBS[verb](alone)(_requested(alone))
    request = _requested(raced)
    act = VERBS[verb](raced)
    ends = at_once(*[partial(act, request)] * contenders)
    (made,) = [end for end in ends if not isinstance(end, Answered | InProgress)]
    assert not isinstance(made, Exception)
    late = end_of(partial(act, request))
    assert isinstance(late, Answered)
    answered = [end.value for end in (*ends, late) if isinstance(end, Answered)]
    assert [made] * len(answered) == answered
    assert left_in(database, alone.owner.tenant) == left_in(database, raced.owner.tenant)


@pytest.mark.parametrize("verb", SOME_VERBS)
def test_a_key_names_one_body_of_one_caller_of_one_shop(verb: str, database: Database) -> None:
    """Another body is refused; another member and another shop have keys of their own."""
    ports = database.ports()
    steps, other_shop = _shop(ports), _shop(ports)
    first = VERBS[verb](steps)
    first(_requested(steps))
    before = left_in(database, steps.owner.tenant)
    with pytest.raises(KeyReused):
        first(_requested(steps, "another body"))
    assert before == left_in(database, steps.owner.tenant)
    VERBS[verb](other_shop)(_requested(other_shop))
    colleague = attrs.evolve(_requested(steps), user=new_shop(ports).user)
    theirs = end_of(partial(first, colleague))
    assert not isinstance(theirs, Answered | InProgress | KeyReused)


def test_an_error_first_and_then_the_same_request_again(database: Database) -> None:
    """A refusal and a lost database free the key: the repeat is done, once."""
    ports = database.ports()
    steps, alone = _shop(ports), _shop(ports)
    request = _requested(steps)
    line = WantedLine(product=steps.scarf.id, quantity=Decimal(11))
    draft = steps.kasa.invoicing.draft(steps.owner, WantedInvoice(lines=(line,)))
    with pytest.raises(StockInsufficient):
        steps.kasa.invoicing.issue(request, draft.id)
    _receive(steps)(steps.owner)
    unlucky = Kasa.over(attrs.evolve(ports, unit_of_work=_losing(database).unit_of_work))
    with pytest.raises(Unavailable):
        unlucky.invoicing.issue(request, draft.id)
    made = steps.kasa.invoicing.issue(request, draft.id)
    with pytest.raises(Answered) as answered:
        steps.kasa.invoicing.issue(request, draft.id)
    assert made == answered.value.value
    _receive(alone)(alone.owner)
    same = WantedInvoice(lines=(attrs.evolve(line, product=alone.scarf.id),))
    other = alone.kasa.invoicing.draft(alone.owner, same)
    alone.kasa.invoicing.issue(_requested(alone), other.id)
    assert left_in(database, alone.owner.tenant) == left_in(database, steps.owner.tenant)


def _losing(database: Database) -> PostgresDatabase:
    """Return a database whose connection the server ends at a statement in between."""
    end = "SELECT pg_terminate_backend(pg_backend_pid())"
    return _counting(database, lambda ran, text: end if ran == LOST_AT else text)[0]


def _counting(
    database: Database, sent: Callable[[int, str], str]
) -> tuple[PostgresDatabase, list[int]]:
    """Return a database that counts what it sends, openings and commits too, from now on.

    ``sent`` gets each count and statement before it is sent, and returns what is sent instead.
    """
    made, ran = database.open(), list[int]()

    def rewrite(text: str) -> str:
        if not ran:
            return text
        ran[0] += 1
        return sent(ran[0], text)

    rewritten(made.engine, rewrite)
    with made.unit_of_work.platform():
        pass
    ran.append(0)
    return made, ran


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.deep)])
@pytest.mark.parametrize("verb", KILLED_VERBS)
def test_a_process_killed_at_any_statement_is_repeated(
    verb: str, database: Database, seed: int, *, every: bool
) -> None:
    """Wherever it was killed, the repeat completes, with one effect in all."""
    ports = database.ports()
    alone = _shop(ports)
    VERBS[verb](alone)(_requested(alone))
    wanted = left_in(database, alone.owner.tenant)
    statements = _killed(database, _shop(ports), verb, NEVER)
    assert statements > len(KILLED_VERBS)
    between = range(
        1 if every else 1 + seed % SMALL_STRIDE, statements, 1 if every else SMALL_STRIDE
    )
    for turn in (*between, statements, AT_THE_END):
        steps = _shop(ports)
        act = VERBS[verb](steps)
        assert -SIGKILL == _in_child(database, steps, partial(act, _requested(steps)), turn)
        _repeated(partial(act, _requested(steps)))
        assert wanted == left_in(database, steps.owner.tenant), f"killed at {turn}"


def _killed(database: Database, steps: Steps, verb: str, turn: int) -> int:
    act = VERBS[verb](steps)
    return _in_child(database, steps, partial(act, _requested(steps)), turn)


def _repeated(call: Callable[[], object]) -> None:
    """Repeat a request until the server knows that the process of the first one is gone."""
    until = monotonic() + PATIENCE_SECONDS
    while isinstance(end := end_of(call), InProgress) and monotonic() < until:
        sleep(0.01)
    assert isinstance(end, Answered) or not isinstance(end, Exception)


def _in_child(database: Database, steps: Steps, call: Callable[[], object], turn: int) -> int:
    """Run a call in a process that kills itself before its statement number ``turn``.

    Returns how it ended: -9 when it was killed, else the number of its statements.
    """
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    try:
        os._exit(_doomed(database, steps, call, turn))
    finally:
        os._exit(0)


def _doomed(database: Database, steps: Steps, call: Callable[[], object], turn: int) -> int:
    def die(ran: int, text: str) -> str:
        if ran == turn:
            os.kill(os.getpid(), SIGKILL)
        return text

    made, ran = _counting(database, die)
    steps.kasa = Kasa.over(attrs.evolve(steps.ports, unit_of_work=made.unit_of_work))
    call()
    if turn == AT_THE_END:
        os.kill(os.getpid(), SIGKILL)
    return ran[0]
