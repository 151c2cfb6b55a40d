"""Every kind of step, and how often it is drawn."""

from collections.abc import Callable

import attrs

from tests.simulation import acts_decisions as people
from tests.simulation import acts_goods as goods
from tests.simulation import acts_money as money
from tests.simulation import acts_papers as papers
from tests.simulation import acts_time as machine
from tests.simulation.shop import Shop
from tests.simulation.world import World


@attrs.frozen
class Act:
    """A kind of step; ``aside`` ones may happen while another step is under way."""

    kind: str
    weight: int
    call: Callable[[World, Shop], str]
    aside: bool = True


ACTS: tuple[Act, ...] = (
    Act("open a shop", 1, goods.another_shop, aside=False),
    Act("add a product", 4, goods.add_product),
    Act("move a product", 2, goods.edit_product),
    Act("receive goods", 4, goods.receive),
    Act("adjust stock", 4, goods.adjust),
    Act("undo a movement", 1, goods.undo),
    Act("count stock", 4, goods.count),
    Act("keep by hand", 3, goods.keep_by_hand),
    Act("a customer", 3, goods.customer),
    Act("a file", 2, goods.keep_file),
    Act("draft", 3, papers.draft),
    Act("revise a draft", 2, papers.revise),
    Act("issue", 4, papers.issue),
    Act("sell", 9, papers.sell),
    Act("void", 2, papers.void),
    Act("write off", 1, papers.write_off),
    Act("reinstate", 1, papers.reinstate),
    Act("deliver", 2, papers.deliver),
    Act("credit note", 3, papers.credit_note),
    Act("apply credit", 2, papers.apply_credit),
    Act("release credit", 1, papers.release_credit),
    Act("refund credit", 1, papers.refund_credit),
    Act("bring goods back", 2, papers.bring_back),
    Act("pay", 11, money.pay),
    Act("pay wrongly", 4, money.pay_wrongly),
    Act("pay in parts", 3, money.pay_in_parts),
    Act("lie", 7, money.lie),
    Act("show again", 4, money.show_again),
    Act("bank alert", 4, money.alert),
    Act("pay by code", 3, money.pay_by_code),
    Act("take cash", 2, people.take_cash),
    Act("decide", 6, people.decide),
    Act("approve early", 2, people.approve_early),
    Act("undo a decision", 4, people.undo_decision),
    Act("run a job", 22, machine.run_job),
    Act("run a job twice", 4, machine.run_twice),
    Act("work off", 4, machine.work_off, aside=False),
    Act("retry a failed job", 2, machine.retry_failed),
    Act("sweep", 4, machine.sweep, aside=False),
    Act("wait", 5, machine.wait, aside=False),
    Act("set the clock back", 1, machine.set_clock_back, aside=False),
    Act("outage", 3, machine.outage, aside=False),
    Act("repeat a request", 5, machine.repeat),
    Act("pry", 2, machine.pry, aside=False),
)
