"""Who has to be named on a document."""

from kasa.domain.kernel.errors import Invalid


class CustomerRequired(Invalid):
    """This kind of document needs to name its customer."""

    code = "invoice.customer_required"


class TinMissing(Invalid):
    """A tax invoice needs the tax numbers of the seller and of the buyer."""

    code = "invoice.tin_missing"
