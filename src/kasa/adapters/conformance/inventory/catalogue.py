"""What a catalogue must do: codes are unique, rows survive, a foreign product is a missing one."""

from decimal import Decimal

import attrs
import pytest
from hypothesis import given

from kasa.adapters.conformance.inventory.stage import StockStage, Wish, fields_of
from kasa.adapters.conformance.strategies_inventory import products
from kasa.application.inventory.products import ProductFields
from kasa.application.ports.bundle import Ports
from kasa.domain.inventory.product import (
    BarcodeTaken,
    PolicyInUse,
    Product,
    ProductArchived,
    ProductInUse,
    ReorderLevel,
    ScaleInUse,
    ShortagePolicy,
    SkuTaken,
    Tracking,
    TrackingInUse,
    sku_code,
)
from kasa.domain.kernel.errors import NotFound, VersionStale
from kasa.domain.kernel.ids import ProductId, SkuId
from kasa.domain.kernel.money import KHR
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter


class CatalogueConformance:
    """Products and their SKUs."""

    def make_ports(self) -> Ports:
        """Return the ports under test, with a clock that ``StoppedClock`` words can move."""
        raise NotImplementedError

    def make_stage(self) -> StockStage:
        """Return a new shop."""
        return StockStage.over(self.make_ports(), lambda span: span)

    def test_a_product_survives_the_round_trip(self) -> None:
        """Every product that can be made is loaded as it was saved, and its level is there."""
        stage = self.make_stage()

        @given(drawn=products())
        def check(drawn: Product) -> None:
            new = ProductId(stage.new_id())
            code = sku_code(f"{drawn.sku.code[:20]} {new}")
            barcode = None if drawn.sku.barcode is None else f"{drawn.sku.barcode[:20]} {new}"
            sku = attrs.evolve(drawn.sku, id=SkuId(new), product=new, code=code, barcode=barcode)
            product = attrs.evolve(drawn, id=new, sku=sku)
            with stage.ports.unit_of_work(stage.owner) as work:
                work.products.add(product)
                assert product == work.products.get(new)
                assert {new: product} == work.products.several([new])
                changed = attrs.evolve(work.products.lock(new), name_km="ថ្មី", version=2)
                work.products.save(changed)
                assert changed == work.products.by_code(code)
            level = stage.level(product)
            assert (sku.tracked, 0, 0) == (level.tracked, level.version, level.on_hand)
            assert sku.reorder is None or sku.reorder.low_at == level.low_at

        check()

    def test_codes_and_barcodes_are_unique(self) -> None:
        """Another spelling of a code is the same code; the own code may be kept."""
        stage = self.make_stage()
        tea = stage.inventory.add_product(stage.owner, _tea("Tea  1", barcode="885"))
        with pytest.raises(SkuTaken):
            stage.inventory.add_product(stage.owner, _tea("TEA １"))
        with pytest.raises(BarcodeTaken):
            stage.inventory.add_product(stage.owner, _tea("Tea 2", barcode="885"))
        other = stage.inventory.add_product(stage.owner, _tea("Tea 2", barcode="886"))
        with pytest.raises(SkuTaken):
            stage.inventory.edit_product(stage.owner, other.id, _tea("tea 1"), version=1)
        kept = stage.inventory.edit_product(
            stage.owner, tea.id, _tea("TEA 1", barcode="885"), version=1
        )
        assert kept == stage.inventory.queries.find(stage.owner, "tea 1")
        assert kept == stage.inventory.queries.find(stage.owner, "885")
        with pytest.raises(NotFound):
            stage.inventory.queries.find(stage.owner, "coffee")

    def test_a_refused_product_leaves_nothing(self) -> None:
        """Neither quota, nor level, nor event is written for a product that is refused."""
        stage = self.make_stage()
        stage.product("TEA", on_hand=3)
        before = stage.everything([])
        with pytest.raises(SkuTaken):
            stage.product("tea", on_hand=3)
        assert before == stage.everything([])
        with stage.ports.unit_of_work(stage.owner) as work:
            assert 1 == work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD)

    def test_a_foreign_product_is_a_missing_one(self) -> None:
        """Another shop finds neither product, nor SKU, nor level."""
        stage = self.make_stage()
        stranger = StockStage.over(stage.ports, stage.advance).owner
        tea = stage.product("TEA", on_hand=3)
        queries = stage.inventory.queries
        for read in (queries.product, queries.level):
            with pytest.raises(NotFound):
                read(stranger, tea.id)
        with pytest.raises(NotFound):
            queries.find(stranger, "TEA")
        assert () == queries.levels(stranger).items
        with stage.ports.unit_of_work(stranger) as work:
            for fetch in (work.products.get, work.products.lock):
                with pytest.raises(NotFound):
                    fetch(tea.id)
            with pytest.raises(NotFound):
                work.products.several([tea.id])
            assert work.products.by_code("TEA") is None

    def test_what_has_moved_keeps_its_measure(self) -> None:
        """Scale, packs and tracking change while nothing moved, and never afterwards."""
        stage = self.make_stage()
        still, moved = stage.product("STILL"), stage.product("MOVED", on_hand=1)
        edit = stage.inventory.edit_product
        finer = edit(stage.owner, still.id, fields_of(still, scale=2), version=1)
        assert 2 == finer.sku.scale
        loose = fields_of(finer, tracking=Tracking.UNTRACKED)
        assert not edit(stage.owner, still.id, loose, version=2).sku.tracked
        assert not stage.level(still).tracked
        with pytest.raises(ScaleInUse):
            edit(stage.owner, moved.id, fields_of(moved, scale=2), version=1)
        with pytest.raises(TrackingInUse):
            edit(stage.owner, moved.id, fields_of(moved, tracking="untracked"), version=1)
        with pytest.raises(VersionStale):
            edit(stage.owner, moved.id, fields_of(moved), version=7)

    def test_shortages_are_denied_only_while_all_is_backed(self) -> None:
        """Back to ``deny`` only while no more is reserved than is there."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=2, backorder=True)
        invoice = stage.invoice(_wish(tea, 3))
        stage.issue(invoice)
        denied = fields_of(tea, policy=ShortagePolicy.DENY)
        with pytest.raises(PolicyInUse):
            stage.inventory.edit_product(stage.owner, tea.id, denied, version=1)
        stage.release(invoice)
        stage.inventory.edit_product(stage.owner, tea.id, denied, version=1)
        assert not stage.level(tea).backorder

    def test_archiving_needs_free_goods_and_gives_the_quota_back(self) -> None:
        """Reserved goods keep a product in the catalogue; archived it takes no new line."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=2)
        invoice = stage.invoice(_wish(tea, 1))
        stage.issue(invoice)
        with pytest.raises(ProductInUse):
            stage.inventory.archive_product(stage.owner, tea.id)
        stage.release(invoice)
        archived = stage.inventory.archive_product(stage.owner, tea.id)
        with pytest.raises(ProductArchived):
            archived.require_active()
        queries = stage.inventory.queries
        assert ((), (archived,)) == (
            queries.products(stage.owner).items,
            queries.products(stage.owner, archived=True).items,
        )
        assert 2 == stage.level(tea).on_hand
        assert archived == stage.inventory.archive_product(stage.owner, tea.id)
        with stage.ports.unit_of_work(stage.owner) as work:
            assert 0 == work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD)
        assert stage.inventory.restore_product(stage.owner, tea.id).archived_at is None
        with stage.ports.unit_of_work(stage.owner) as work:
            assert 1 == work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD)

    def test_lists_come_in_pages(self) -> None:
        """Products and levels come by code, each once, whatever the size of the pages."""
        stage = self.make_stage()
        for code in ("b", "C", "a", "d", "É"):
            stage.product(code, on_hand=1)
        stage.product("delivery", tracked=False)
        queries = stage.inventory.queries
        codes, after = [], None
        while True:
            page = queries.products(stage.owner, after=after, limit=2)
            codes += [product.sku.code for product in page.items]
            if (after := page.next) is None:
                break
        assert ["a", "b", "C", "d", "delivery", "É"] == codes
        first = queries.levels(stage.owner, limit=3)
        rest = queries.levels(stage.owner, after=first.next, limit=3)
        found = [row.code for row in (*first.items, *rest.items)]
        assert (["a", "b", "C", "d", "É"], None) == (found, rest.next)

    def test_a_mark_is_kept_on_the_level(self) -> None:
        """The low mark of an edit stands on the level that decides, and is told by ``low``."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=3)
        marked = fields_of(tea, reorder=ReorderLevel.at(3, 5))
        stage.inventory.edit_product(stage.owner, tea.id, marked, version=1)
        level = stage.level(tea)
        assert (3, 5, False, 1) == (
            level.low_at,
            level.rearm_at,
            level.low_armed,
            level.alert_no,
        )
        (low,) = stage.inventory.queries.low(stage.owner).items
        assert tea.id == low.product


def _tea(code: str, barcode: str | None = None) -> ProductFields:
    return ProductFields(name="Tea", code=code, barcode=barcode, price=Decimal(5), currency=KHR)


def _wish(product: Product, quantity: int) -> Wish:
    return Wish(product=product, quantity=quantity)
