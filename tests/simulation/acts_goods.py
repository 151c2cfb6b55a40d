"""Acts about shops, products, customers and what lies on the shelf."""

from datetime import timedelta
from decimal import Decimal

from kasa.adapters.conformance.strategies_payments import NAMES
from kasa.application.files.storing import NewFile
from kasa.application.inventory.counting import CountedLine
from kasa.application.inventory.moving import AdjustedLine
from kasa.application.inventory.products import ProductFields
from kasa.application.inventory.receiving import ReceivedLine
from kasa.application.inventory.reserving import WantedGoods
from kasa.application.payments.accounts import NewAccount
from kasa.application.ports.inventory import MovementFilter
from kasa.domain.files.file import FileKind
from kasa.domain.identity.access import Actor, PlatformActor, Role
from kasa.domain.inventory.goods import OnReserved
from kasa.domain.inventory.movement import MovementReason
from kasa.domain.inventory.product import ShortagePolicy, Tracking
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.kernel.ids import UserId
from kasa.domain.kernel.money import KHR, USD, ExchangeRate
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import TenantProfile
from tests.simulation.shop import Goods, Shop
from tests.simulation.world import Refusal, World

SHOPS_MAX, GOODS_MAX, FILES_MAX = 3, 8, 6
PRICES = {KHR: (5_000, 12_000, 15_000, 25_000), USD: (3, 5, 8, 12)}
NOTHING = "nothing to do it with"


def words(answer: object) -> str:
    """Return how an act ended: done, or the code of the refusal."""
    return answer.code if isinstance(answer, Refusal) else "done"


def open_shop(world: World) -> Shop:
    """Open a shop with its people, its account, its rate and its first customer."""
    number = len(world.shops)
    currency = USD if number % 2 else KHR
    kasa = world.kasa
    profile = TenantProfile(name=name(f"Shop {number}"), currency=currency)
    tenant = kasa.tenancy.open(PlatformActor(), profile)

    def person(role: Role) -> Actor:
        return Actor.member(tenant.id, UserId(world.plain.ids.new(world.now())), role)

    shop = Shop(
        number=number,
        tenant=tenant.id,
        currency=currency,
        receiver=NAMES[0],
        account=f"00123456{number}",
        owner=person(Role.OWNER),
        clerk=person(Role.USER),
        viewer=person(Role.VIEWER),
    )
    account = NewAccount(
        bank="ABA",
        number=shop.account,
        names=(shop.receiver,),
        currency=currency,
        bakong_id=f"sokha_{number}@abaa",
    )
    kasa.payments.add_account(shop.owner, account)
    rate = ExchangeRate(
        base=USD,
        quote=KHR,
        rate=Decimal(4000),
        on=world.now().date() - timedelta(days=60),
        source="merchant",
    )
    kasa.invoicing.set_rate(shop.owner, rate)
    world.shops.append(shop)
    return shop


def another_shop(world: World, _: Shop) -> str:
    """Open another shop."""
    if len(world.shops) >= SHOPS_MAX:
        return NOTHING
    world.faults.calm()
    open_shop(world)
    return "done"


def add_product(world: World, shop: Shop) -> str:
    """Add a product with something on the shelf; some are never counted."""
    if len(shop.goods) >= GOODS_MAX:
        return NOTHING
    price = world.random.choice(PRICES[shop.currency])
    tracked = world.chance(80)
    policy = ShortagePolicy.BACKORDER if world.chance(40) else ShortagePolicy.DENY
    fields = ProductFields(
        name=f"Cloth {len(shop.goods)}",
        code=f"CLOTH-{world.asked}",
        price=Decimal(price),
        currency=shop.currency,
        tracking=Tracking.TRACKED if tracked else Tracking.UNTRACKED,
        policy=policy,
    )
    on_hand = world.random.randint(0, 12) if tracked else 0
    answer = world.ask(
        shop.owner,
        "products",
        lambda actor: world.kasa.inventory.add_product(actor, fields, on_hand=on_hand),
    )
    if not isinstance(answer, Refusal):
        shop.goods.append(Goods(id=answer.id, price=price, tracked=tracked))
    return words(answer)


def edit_product(world: World, shop: Shop) -> str:
    """Put a product away, or take it into use again."""
    goods = world.one(shop.goods)
    if goods is None:
        return NOTHING
    inventory = world.kasa.inventory
    use = inventory.archive_product if world.chance(40) else inventory.restore_product
    return words(world.ask(shop.owner, "products.move", lambda actor: use(actor, goods.id)))


def receive(world: World, shop: Shop) -> str:
    """Take goods in."""
    chosen = world.random.sample(shop.goods, min(len(shop.goods), world.random.randint(1, 3)))
    if not chosen:
        return NOTHING
    lines = [
        ReceivedLine(product=one.id, quantity=Decimal(world.random.randint(1, 9))) for one in chosen
    ]
    use = world.kasa.inventory.receive
    return words(world.ask(shop.clerk, "stock.receive", lambda actor: use(actor, lines)))


def adjust(world: World, shop: Shop) -> str:
    """Correct what lies on the shelf, perhaps by more than there is."""
    goods = world.one(shop.goods)
    if goods is None:
        return NOTHING
    delta = world.random.choice([-9, -2, -1, 1, 2])
    reason = MovementReason.FOUND if delta > 0 else MovementReason.DAMAGED
    line = AdjustedLine(product=goods.id, reason=reason, delta=Decimal(delta), note="seen so")
    kept = OnReserved.REFUSE if world.chance(60) else world.random.choice(list(OnReserved))
    use = world.kasa.inventory.adjust
    asked = world.ask(
        shop.owner, "stock.adjust", lambda actor: use(actor, [line], on_reserved=kept)
    )
    return words(asked)


def undo(world: World, shop: Shop) -> str:
    """Undo a movement, if it may be undone."""
    with world.plain.unit_of_work.read_only(shop.owner) as view:
        found = view.stock.movements(MovementFilter(), limit=20).items
    movement = world.one(found)
    if movement is None:
        return NOTHING
    use = world.kasa.inventory.undo
    return words(world.ask(shop.owner, "stock.undo", lambda actor: use(actor, movement.id)))


def count(world: World, shop: Shop) -> str:
    """Begin a stocktake, enter what was counted, or end it."""
    inventory, count = world.kasa.inventory, shop.counts[-1] if shop.counts else None
    if count is None:
        answer = world.ask(shop.owner, "counts", inventory.open_count)
        if not isinstance(answer, Refusal):
            shop.counts.append(answer.id)
        return f"opened: {words(answer)}"
    drawn = world.random.randrange(10)
    if drawn < 5 and shop.goods:
        goods = world.random.choice(shop.goods)
        line = CountedLine(product=goods.id, counted=Decimal(world.random.randint(0, 12)))
        answer = world.ask(
            shop.owner, "counts.enter", lambda actor: inventory.enter_count(actor, count, [line])
        )
        return f"entered: {words(answer)}"
    use = inventory.commit_count if drawn < 9 else inventory.cancel_count
    answer = world.ask(shop.owner, "counts.end", lambda actor: use(actor, count))
    if not isinstance(answer, Refusal):
        shop.counts.clear()
    return f"ended: {words(answer)}"


def keep_by_hand(world: World, shop: Shop) -> str:
    """Keep goods for somebody, or give up what was kept."""
    inventory, kept = world.kasa.inventory, world.one(shop.reservations)
    if kept is not None and world.chance(50):
        answer = world.ask(
            shop.clerk, "stock.release", lambda actor: inventory.release(actor, kept)
        )
        return f"given up: {words(answer)}"
    goods = world.one(shop.goods)
    if goods is None:
        return NOTHING
    until = world.now() + timedelta(hours=world.random.randint(1, 40))
    wanted = WantedGoods(
        product=goods.id, quantity=Decimal(world.random.randint(1, 4)), until=until, words="for her"
    )
    answer = world.ask(shop.clerk, "stock.reserve", lambda actor: inventory.reserve(actor, wanted))
    if not isinstance(answer, Refusal):
        shop.reservations.append(answer.id)
    return words(answer)


def customer(world: World, shop: Shop) -> str:
    """Add a customer, put one away, or take one into use again."""
    invoicing, known = world.kasa.invoicing, world.one(shop.customers)
    if known is None or world.chance(50):
        details = CustomerDetails(name=name(f"Customer {len(shop.customers)}"))
        answer = world.ask(
            shop.clerk, "customers", lambda actor: invoicing.add_customer(actor, details)
        )
        if not isinstance(answer, Refusal):
            shop.customers.append(answer.id)
        return words(answer)
    with world.plain.unit_of_work.read_only(shop.owner) as view:
        version = view.customers.show(known).version
    use = invoicing.archive_customer if world.chance(30) else invoicing.restore_customer
    answer = world.ask(
        shop.owner, "customers.move", lambda actor: use(actor, known, version=version)
    )
    return f"moved: {words(answer)}"


def keep_file(world: World, shop: Shop) -> str:
    """Keep a file, or remove one."""
    files, known = world.kasa.files, world.one(shop.files)
    if known is not None and (len(shop.files) >= FILES_MAX or world.chance(40)):
        answer = world.ask(shop.owner, "files.remove", lambda actor: files.remove(actor, known))
        if not isinstance(answer, Refusal):
            shop.files.remove(known)
        return f"removed: {words(answer)}"
    new = NewFile(
        kind=FileKind.MEDIA,
        name="cloth.png",
        media_type="image/png",
        data=b"x" * world.random.randint(1, 900),
    )
    answer = world.ask(shop.owner, "files", lambda actor: files.store(actor, new))
    if not isinstance(answer, Refusal):
        shop.files.append(answer.id)
    return words(answer)
