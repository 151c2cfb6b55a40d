"""How far a new shop has come before it sells."""

from enum import StrEnum

import attrs

from kasa.application.ports.work import ReadOnly


class SetupStep(StrEnum):
    """What a new shop does before it sells: profile, account, product, customer, first invoice.

    A profile is complete with an address and a telephone number, which documents print.
    """

    PROFILE = "profile"
    ACCOUNT = "receiving_account"
    PRODUCT = "product"
    CUSTOMER = "customer"
    INVOICE = "invoice"


@attrs.frozen(kw_only=True)
class SetupState:
    """One step of setting up a shop, and whether it is done."""

    step: SetupStep
    done: bool


def steps_of(view: ReadOnly) -> tuple[SetupState, ...]:
    """Return the steps of setting up a shop in their order, each done or not."""
    profile = view.tenant.profile
    done = {
        SetupStep.PROFILE: bool(profile.address and profile.phone),
        SetupStep.ACCOUNT: bool(view.accounts.listed()),
        SetupStep.PRODUCT: bool(view.stock.products(limit=1).items),
        SetupStep.CUSTOMER: bool(view.customers.page(limit=1).items),
        SetupStep.INVOICE: bool(view.series.listed()),
    }
    return tuple(SetupState(step=step, done=done[step]) for step in SetupStep)
