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
generate_series(CAST(%(first)s AS int), CAST(%(last)s AS int)) AS n
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
    shops: tuple[Shop, ...]
    next: int = 1
    keys: Iterator[int] = attrs.field(factory=count)

    @classmethod
    def on(
        cls, server: EmbeddedServer, name_: str, opened: ExitStack, *, clients: int = CLIENTS
    ) -> "Shops":
        """Open new shops in a database that has the schema."""
        shops = cls.over(server, name_, opened, clients=clients)
        shops.shops = tuple(shops.open_shop() for _ in range(clients))
        return shops

    @classmethod
    def over(
        cls,
        server: EmbeddedServer,
        name_: str,
        opened: ExitStack,
        *,
        clients: int = CLIENTS,
        reactions: Reactions = REACTIONS,
    ) -> "Shops":
        """Return kasa over a database, without shops."""
        database = open_postgres(server.addresses(name_), reactions, RandomIds(), threads=clients)
        opened.callback(database.close)
        ports = attrs.evolve(
            memory_ports(clock=SystemClock()),
            unit_of_work=database.unit_of_work,
            ids=RandomIds(),
        )
        kasa = Kasa.over(ports)
        return cls(server=server, name=name_, database=database, kasa=kasa, shops=())

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

    def supply(self, templates: Sequence[InvoiceId], each: int) -> int:
        """Clone the draft of every shop, and return the number of the first clone."""
        first, self.next = self.next, self.next + each
        with self.superuser() as connection:
            for shop, template in zip(self.shops, templates, strict=True):
                given = {"tenant": shop.owner.tenant, "id": template, "first": first}
                last = first + each - 1
                for table, key in (("invoices", "id"), ("invoice_lines", "invoice_id")):
                    connection.execute(_clone(connection, table, key), {**given, "last": last})
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
