"""The version of the bank tables rises with every change of them (house rules on digests)."""

from hashlib import sha256
from pathlib import Path

from kasa.domain.payments.banks.tables import ID_FORMS, LAYOUTS, REFERENCE_DATES, TABLES_VERSION
from kasa.domain.payments.references import is_well_formed
from tests.places import ROOT

BANKS = ROOT / "src" / "kasa" / "domain" / "payments" / "banks"
DIGESTS = {
    "2026.1": "3585b689c214321fc4f69b53fa02292b25b182b50d0f79f1718a620e215976a7",
    "2026.2": "5c62fcdf297ed582d8717f065126a3c89518ee5172e3d9d119165c7a36f7d235",
    "2026.3": "6c274ab874736d7c522f3cf7fc25c5dbf2db26a6229cc68c319ceaeb8b1050f4",
}


def digest(folder: Path) -> str:
    """Return the digest of a folder's modules, in the order of their names."""
    found = sha256()
    for module in sorted(folder.glob("*.py")):
        found.update(module.name.encode() + b"\0" + module.read_bytes())
    return found.hexdigest()


def test_changed_tables_have_another_version() -> None:
    """The digest beside the version is that of the tables."""
    assert DIGESTS[TABLES_VERSION] == digest(BANKS)


def test_every_scheme_of_a_layout_has_its_form() -> None:
    """A layout and a numbering name only known schemes, and no two layouts share a key."""
    schemes = {scheme for layout in LAYOUTS for scheme in layout.ids.values()}
    assert schemes <= ID_FORMS.keys()
    assert len(LAYOUTS) == len({layout.key for layout in LAYOUTS})
    assert not is_well_formed("unknown", "1")
    assert all(row.scheme == scheme for scheme, row in REFERENCE_DATES.items())
