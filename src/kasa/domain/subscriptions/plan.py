"""The words of plans: tiers, features that are on or off, meters that are counted."""

from datetime import date
from enum import StrEnum

CAPACITY_PERIOD = date(1, 1, 1)
"""The period of a capacity meter, which never starts anew."""

UNLIMITED = 2**63 - 1
"""A limit that is never reached, yet still counted against."""


class Tier(StrEnum):
    """A named plan, cheapest first."""

    FREE = "free"
    INVOICE_PLUS = "invoice_plus"
    MARKETING_PLUS = "marketing_plus"
    PRO = "pro"


class Feature(StrEnum):
    """What a plan switches on or off."""

    INVENTORY = "inventory"
    CRM = "crm"
    SOCIAL = "social"
    ADS = "ads"
    MEDIA = "media"
    MARKETPLACES = "marketplaces"
    ASSISTANT = "assistant"
    WHATSAPP = "whatsapp"


class Meter(StrEnum):
    """What a plan counts; storage and receipts are in bytes."""

    INVOICES = "invoices"
    PRODUCTS = "products"
    CUSTOMERS = "customers"
    STORAGE = "storage"
    RECEIPTS = "receipts"
    PROMOTIONS = "promotions"

    @property
    def is_capacity(self) -> bool:
        """Whether it counts what is alive, and not what happened in a period."""
        return self in {Meter.PRODUCTS, Meter.CUSTOMERS, Meter.STORAGE, Meter.RECEIPTS}
