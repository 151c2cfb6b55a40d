"""What the registry of references, the accounts and the codes must do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.payments.making import added, new_account, new_payment
from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.application.ports.bundle import Ports
from kasa.application.ports.payments import KhqrShown
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import AccountId, InvoiceId
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.account import AcceptedName, AccountTaken, BankCode
from kasa.domain.payments.expected_payment import BankCheck, MatchPolicy
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import Reference, ReferenceKeys, UsedReferences

RACERS = 50


def keys(*values: str, candidates: tuple[str, ...] = ()) -> ReferenceKeys:
    """Return keys of one scheme."""
    return ReferenceKeys(
        read=tuple(Reference("aba.trx", value) for value in sorted(values)),
        candidates=tuple(Reference("aba.trx", value) for value in sorted(candidates)),
    )


class ReferencesConformance:
    """Every reference is used once; registering twice is an answer."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def register(
        self, ports: Ports, actor: Actor, payment: Payment, wanted: ReferenceKeys, *, later: int = 0
    ) -> UsedReferences:
        """Register keys for a payment some seconds after the first moment."""
        at = PAID_AT + timedelta(seconds=later)
        with ports.unit_of_work(actor) as work:
            return work.references.register(payment.id, wanted, at=at)

    def test_a_key_is_registered_once(self) -> None:
        """New keys are nobody's; again they are one's own; for another payment they are used."""
        ports = self.make_ports()
        owner = new_shop(ports)
        first = added(ports, owner, new_payment(ports, invoice_number="INV-1"))
        other = added(ports, owner)
        value = f"{first.id.int % 10**11:011d}"
        assert UsedReferences() == self.register(ports, owner, first, keys(value))
        assert UsedReferences() == self.register(ports, owner, first, keys(value), later=1)
        used = self.register(ports, owner, other, keys(value), later=2).first
        assert used is not None
        assert (first.id, PAID_AT, "INV-1", first.state, False) == (
            used.payment,
            used.at,
            used.invoice_number,
            used.state,
            used.same_file,
        )

    def test_nothing_read_registers_nothing(self) -> None:
        """Evidence without references has an answer too."""
        ports = self.make_ports()
        owner = new_shop(ports)
        payment = added(ports, owner)
        assert UsedReferences() == self.register(ports, owner, payment, ReferenceKeys())

    def test_candidates_are_looked_up_and_not_registered(self) -> None:
        """A contested id counts when another payment has it, and leaves no trace of its own."""
        ports = self.make_ports()
        owner = new_shop(ports)
        first, second, third = (added(ports, owner) for _ in range(3))
        one, two = (f"{payment.id.int % 10**11:011d}" for payment in (first, second))
        self.register(ports, owner, first, keys(one))
        seen = self.register(ports, owner, second, keys(candidates=(one, two))).first
        assert seen is not None
        assert first.id == seen.payment
        assert self.register(ports, owner, third, keys(two)).first is None

    def test_the_earliest_owner_is_the_first_use(self) -> None:
        """Of several payments whose keys are shown, the one that came first is named."""
        ports = self.make_ports()
        owner = new_shop(ports)
        early, late, shown = (added(ports, owner) for _ in range(3))
        one, two = (f"{payment.id.int % 10**11:011d}" for payment in (early, late))
        self.register(ports, owner, late, keys(two), later=5)
        self.register(ports, owner, early, keys(one), later=1)
        used = self.register(ports, owner, shown, keys(one, two), later=9).first
        assert used is not None
        assert (early.id, PAID_AT + timedelta(seconds=1)) == (used.payment, used.at)

    def test_keys_of_a_duplicate_belong_to_its_first(self) -> None:
        """What a duplicate showed first is the first payment's own, and others' used one."""
        ports = self.make_ports()
        owner = new_shop(ports)
        first, again, third = (added(ports, owner) for _ in range(3))
        value = f"{again.id.int % 10**11:011d}"
        self.register(ports, owner, again, keys(value))
        with ports.unit_of_work(owner) as work:
            work.payments.save(work.payments.lock(again.id).duplicate(first.id))
        assert self.register(ports, owner, first, keys(value)).first is None
        used = self.register(ports, owner, third, keys(value)).first
        assert used is not None
        assert first.id == used.payment

    def test_other_shops_are_asked(self) -> None:
        """A reference that another shop was shown says so, once, and names nobody."""
        ports = self.make_ports()
        here, there = new_shop(ports), new_shop(ports)
        mine, theirs = added(ports, here), added(ports, there)
        value = f"{mine.id.int % 10**11:011d}"
        assert not self.register(ports, here, mine, keys(value)).elsewhere
        seen = self.register(ports, there, theirs, keys(value))
        assert (True, None) == (seen.elsewhere, seen.first)
        assert not self.register(ports, there, theirs, keys(value)).elsewhere

    def test_a_rollback_registers_nothing(self) -> None:
        """A key belongs to nobody when its unit of work fails."""
        ports = self.make_ports()
        owner = new_shop(ports)
        first, second = added(ports, owner), added(ports, owner)
        value = f"{first.id.int % 10**11:011d}"
        with pytest.raises(NotFound), ports.unit_of_work(owner) as work:
            work.references.register(first.id, keys(value), at=PAID_AT)
            raise NotFound
        assert UsedReferences() == self.register(ports, owner, second, keys(value))

    def test_one_of_fifty_registers(self) -> None:
        """Of 50 payments that show one reference at once, one has it, 49 name that one."""
        ports = self.make_ports()
        owner = new_shop(ports)
        racers = [added(ports, owner) for _ in range(RACERS)]
        shown = keys(*(f"{racers[0].id.int % 10**11 + more:012d}"[-11:] for more in range(3)))

        def race(payment: Payment) -> UsedReferences:
            return self.register(ports, owner, payment, shown)

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(race, racers))
        (winner,) = [
            racer.id for racer, used in zip(racers, answers, strict=True) if not used.first
        ]
        named = {used.first.payment for used in answers if used.first}
        assert {winner} == named


class AccountsConformance:
    """Receiving accounts, rules of matching, codes that were shown."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_an_account_survives_the_round_trip(self) -> None:
        """Accounts keep their names in order, and the newest names only."""
        ports = self.make_ports()
        owner = new_shop(ports)
        account = new_account(
            ports,
            "សុខ ដារ៉ា",
            "Sokha Textiles",
            currency=USD,
            bakong_id="sokha@aclb",
            account_info="011",
            tag="30",
            merchant_id="M1",
            printed_qr=True,
            short_name_alone=True,
        )
        with ports.unit_of_work(owner) as work:
            work.accounts.add(account)
        with ports.unit_of_work(owner) as work:
            assert account == work.accounts.lock(account.id)
            assert (account,) == work.accounts.active()
            changed = account.named((AcceptedName("Sokha Silk"),), short_name_alone=False)
            work.accounts.save(changed)
        with ports.unit_of_work.read_only(owner) as view:
            assert changed == view.accounts.show(account.id)

    def test_archived_accounts_are_out_of_use(self) -> None:
        """They are listed last and are not active."""
        ports = self.make_ports()
        owner = new_shop(ports)
        one, two = new_account(ports), new_account(ports, number="020959385")
        with ports.unit_of_work(owner) as work:
            work.accounts.add(one)
            work.accounts.add(two)
            work.accounts.save(work.accounts.lock(one.id).archived(PAID_AT))
            assert (two,) == work.accounts.active()
        with ports.unit_of_work.read_only(owner) as view:
            assert [two.id, one.id] == [account.id for account in view.accounts.listed()]

    def test_an_account_is_added_once(self) -> None:
        """The same number of one bank and currency again is taken, until the first is archived."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        account, again = new_account(ports), new_account(ports, "Sokha Silk")
        with ports.unit_of_work(owner) as work:
            work.accounts.add(account)
        with pytest.raises(AccountTaken), ports.unit_of_work(owner) as work:
            work.accounts.add(again)
        for unlike in (
            new_account(ports, currency=USD),
            new_account(ports, bank=BankCode("WING")),
            new_account(ports, number="010959386"),
            new_account(ports, archived_at=PAID_AT),
        ):
            with ports.unit_of_work(owner) as work:
                work.accounts.add(unlike)
        with ports.unit_of_work(stranger) as work:
            work.accounts.add(new_account(ports))
        with ports.unit_of_work(owner) as work:
            work.accounts.save(work.accounts.lock(account.id).archived(PAID_AT))
            work.accounts.add(again)
            assert again in work.accounts.active()

    def test_a_foreign_account_is_a_missing_one(self) -> None:
        """Another shop neither locks, shows nor lists it."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        account = new_account(ports)
        with ports.unit_of_work(owner) as work:
            work.accounts.add(account)
        missing = AccountId(ports.ids.new(PAID_AT))
        for actor, wanted in ((stranger, account.id), (owner, missing)):
            with ports.unit_of_work(actor) as work, pytest.raises(NotFound):
                work.accounts.lock(wanted)
            with ports.unit_of_work.read_only(actor) as view, pytest.raises(NotFound):
                view.accounts.show(wanted)
        with ports.unit_of_work.read_only(stranger) as view:
            assert () == view.accounts.listed()

    def test_rules_of_matching_have_defaults(self) -> None:
        """A shop that set none has the defaults; what it sets last holds."""
        ports = self.make_ports()
        owner, other = new_shop(ports), new_shop(ports)
        strict = MatchPolicy(
            threshold=100,
            ceilings=(Money(1, USD), Money(40_000, KHR)),
            bank_check=BankCheck.REQUIRE,
            await_alert=timedelta(minutes=5),
        )
        with ports.unit_of_work(owner) as work:
            assert MatchPolicy() == work.accounts.policy()
            work.accounts.set_policy(MatchPolicy(auto_approve=False))
            work.accounts.set_policy(strict)
            assert strict == work.accounts.policy()
        for actor, policy in ((owner, strict), (other, MatchPolicy())):
            with ports.unit_of_work.read_only(actor) as view:
                assert policy == view.accounts.policy()

    def test_codes_are_found_by_invoice_and_back(self) -> None:
        """Each code is kept once and leads to its invoice; foreign ones do not."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        invoice, bare = (InvoiceId(ports.ids.new(PAID_AT)) for _ in range(2))
        shown = KhqrShown(
            md5="a" * 32,
            payload="000201",
            invoice=invoice,
            amount=Money(40_000, KHR),
            currency=KHR,
            created_at=PAID_AT,
            expires_at=PAID_AT + timedelta(minutes=10),
        )
        static = attrs.evolve(shown, md5="b" * 32, amount=None, expires_at=None)
        with ports.unit_of_work(owner) as work:
            for code in (shown, static, shown):
                work.khqr.add(code)
            assert invoice == work.khqr.shown_for("a" * 32)
            assert work.khqr.shown_for("c" * 32) is None
            both = {invoice: frozenset({"a" * 32, "b" * 32}), bare: frozenset[str]()}
            assert both == work.khqr.codes_of([invoice, bare])
            assert {} == work.khqr.codes_of([])
        with ports.unit_of_work.read_only(owner) as view:
            assert both == view.khqr.codes_of([invoice, bare])
        with ports.unit_of_work(stranger) as work:
            assert work.khqr.shown_for("a" * 32) is None
            assert {invoice: frozenset()} == work.khqr.codes_of([invoice])
