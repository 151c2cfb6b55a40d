"""Shops on one durable PostgreSQL server: what the figures of the store run against.

Every client, a thread of kasa or a client of pgbench, has a shop of its own with the same drafts.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import attrs
import psycopg
from psycopg import sql

from kasa.adapters.conformance.shops import with_key
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.postgres.database import PostgresDatabase, open_postgres
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.postgres.upgrade import upgrade
from kasa.adapters.system.clock import RandomIds, SystemClock
from kasa.application.inventory.products import ProductFields
from kasa.application.kasa import Kasa
from kasa.application.payments.accounts import NewAccount
from kasa.application.ports.events import Reactions
from kasa.application.reactions import REACTIONS
from kasa.domain.identity.access import Actor, PlatformActor, Role
from kasa.domain.inventory.product import Product
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.ids import CustomerId, InvoiceId, UserId
from kasa.domain.kernel.money import KHR
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import TenantProfile

CLIENTS = 4
DATABASE = "kasa_bench"
BAKONG = "sokha_textiles@aclb"
PLENTY = 10**9
CLONE = """INSERT INTO kasa.{table} ({columns}) SELECT {values} FROM kasa.{table} t,
generate_series(CAST(%(first)s AS int), CAST(%(last)s AS int), CAST(%(step)s AS int)) AS n
WHERE t.tenant_id = %(tenant)s AND t.{key} = %(id)s"""


def draft_id(number: int) -> InvoiceId:
    """Return the identifier of a cloned draft: its number in digits."""
    return InvoiceId(UUID(f"{number:032d}"))


@attrs.frozen(kw_only=True)
class Shop:
    """One shop with a customer and a Bakong account; ``owner`` is who calls."""

    owner: Actor
    customer: CustomerId


@attrs.define(kw_only=True)
class Shops:
    """The shops of a database, one per client, and kasa over it."""

    server: EmbeddedServer
    name: str
    database: PostgresDatabase
    kasa: Kasa
    shops: tuple[Shop, ...] = ()
    next: int = 1
    keys: Iterator[int] = attrs.field(factory=count)

    @classmethod
    def on(
        cls,
        server: EmbeddedServer,
        database: str,
        opened: ExitStack,
        *,
        shops: int = CLIENTS,
        threads: int = CLIENTS,
        reactions: Reactions = REACTIONS,
    ) -> "Shops":
        """Open new shops in a database that has the schema, and kasa for some threads."""
        made = open_postgres(
            server.addresses(database), reactions, RandomIds(), threads=threads, door="bench"
        )
        opened.callback(made.close)
        ports = attrs.evolve(
            memory_ports(clock=SystemClock()), unit_of_work=made.unit_of_work, ids=RandomIds()
        )
        own = cls(server=server, name=database, database=made, kasa=Kasa.over(ports))
        own.shops = tuple(own.open_shop() for _ in range(shops))
        return own

    def superuser(self) -> "psycopg.Connection[tuple[object, ...]]":
        """Return a connection that sees every shop."""
        return psycopg.connect(self.server.address(SUPERUSER, self.name), autocommit=True)

    def open_shop(self) -> Shop:
        """Open a shop."""
        kasa = self.kasa
        tenant = kasa.tenancy.open(PlatformActor(), TenantProfile(name=name("Sokha Textiles")))
        owner = Actor.member(tenant.id, UserId(tenant.id), Role.OWNER)
        account = NewAccount(
            bank="ACLEDA", number="010959386", names=("SOKHA TEXTILES",), bakong_id=BAKONG
        )
        kasa.payments.add_account(owner, account)
        customer = kasa.invoicing.add_customer(owner, CustomerDetails(name=name("Dara")))
        return Shop(owner=owner, customer=customer.id)

    def keyed(self, shop: Shop) -> Actor:
        """Return the owner of a shop under an idempotency key of their own."""
        return with_key(shop.owner, f"key {next(self.keys)}", route="POST /invoices/issue")

    def goods(self, shop: Shop, products: int) -> list[Product]:
        """Put products on the shelf of a shop."""
        return [
            self.kasa.inventory.add_product(
                shop.owner,
                ProductFields(name=f"Thing {no}", code=f"T{no}", price=Decimal(5000), currency=KHR),
                on_hand=PLENTY,
            )
            for no in range(products)
        ]

    def draft(self, shop: Shop, lines: Sequence[WantedLine]) -> InvoiceId:
        """Draft an invoice for the shop's customer."""
        wanted = WantedInvoice(lines=tuple(lines), customer=shop.customer)
        return self.kasa.invoicing.draft(shop.owner, wanted).id

    def supply(self, templates: Sequence[Sequence[InvoiceId]], each: int) -> int:
        """Clone the drafts of every shop in turn, and return the number of the first clone."""
        first, self.next = self.next, self.next + each
        with self.superuser() as connection:
            for shop, drafts in zip(self.shops, templates, strict=True):
                given = {"tenant": shop.owner.tenant, "last": first + each - 1, "step": len(drafts)}
                for no, id_ in enumerate(drafts):
                    for table, key in (("invoices", "id"), ("invoice_lines", "invoice_id")):
                        values = {**given, "id": id_, "first": first + no}
                        connection.execute(_clone(connection, table, key), values)
        return first


def _clone(
    connection: "psycopg.Connection[tuple[object, ...]]", table: str, key: str
) -> sql.Composed:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'kasa' "
        "AND table_name = %s ORDER BY ordinal_position",
        [table],
    )
    columns = [str(row[0]) for row in rows]
    made = sql.SQL("CAST(lpad(CAST(n AS text), 32, '0') AS uuid)")
    values = [made if one == key else sql.Identifier("t", one) for one in columns]
    return sql.SQL(CLONE).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
        key=sql.Identifier(key),
    )


def work_lines(lines: int) -> tuple[WantedLine, ...]:
    """Return lines over services."""
    return tuple(
        WantedLine(text=f"Work {no}", quantity=Decimal(no), price=Decimal(5000))
        for no in range(1, lines + 1)
    )


def goods_lines(basket: Sequence[Product]) -> tuple[WantedLine, ...]:
    """Return lines over one piece of each product."""
    return tuple(WantedLine(product=one.id, quantity=Decimal(1)) for one in basket)


def durable_server(opened: ExitStack) -> EmbeddedServer:
    """Return a new server on the disk that waits for it at every commit, with our schema."""
    home = Path(opened.enter_context(TemporaryDirectory(prefix="kasa-bench-pg-")))
    home.chmod(0o711)
    server = EmbeddedServer(home / "home")
    server.start()
    opened.callback(server.stop)
    server.make_database(DATABASE)
    upgrade(server.addresses(DATABASE).owner)
    return server
