"""`kasa bench`: databases for trials."""

import click

from kasa.entrypoints.bootstrap_load import WantedLoad, load_shops
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.settings import Settings


@click.group
def bench() -> None:
    r"""Databases for trials: how kasa works with many shops and many invoices.

    \b
    Examples:
      KASA_HOME=/tmp/trial kasa bench load --tenants 100 --invoices 20000
    """


@bench.command("load")
@click.option("--tenants", type=click.IntRange(1, 100_000), required=True, help="How many shops.")
@click.option(
    "--invoices", type=click.IntRange(0, 50_000_000), required=True, help="How many in all."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="What is drawn.")
@click.option("--more", is_flag=True, help="Load although there are shops already.")
@asked
def load(request: Request, *, tenants: int, invoices: int, seed: int, more: bool) -> None:
    r"""Fill a database with invented shops, for trials only: few large ones and many small.

    The owner's login writes them past row security. What they tell is consistent, as if it had
    happened: invoices of every state, payments, stock, events, numbers. A load that is killed
    leaves whole shops, which --more adds to.

    \b
    Examples:
      KASA_HOME=/tmp/trial kasa bench load --tenants 100 --invoices 20000
      kasa bench load --tenants 10 --invoices 500 --seed 7 --more --json
    """
    request.screen.warn("This fills the database with invented shops: use one made for trials.")
    with request.screen.counting("shops", tenants) as step:
        wanted = WantedLoad(
            tenants=tenants,
            invoices=invoices,
            seed=seed,
            more=more,
            tell=lambda _shops, _invoices: step(),
        )
        loaded = load_shops(Settings.from_env(), wanted)
    rows = [
        (name, f"{count:,}", f"{_rate(count, loaded.seconds[name]):,}")
        for name, count in sorted(loaded.rows.items())
    ]
    whole = sum(loaded.rows.values())
    request.screen.show(
        table(("table", ">rows", ">rows/s"), rows),
        f"{tenants:,} shops, {invoices:,} invoices, {whole:,} rows in {loaded.took:.1f} s: "
        f"{_rate(whole, loaded.took):,} rows/s (seed {seed})",
    )
    request.screen.answer(
        {
            "tenants": tenants,
            "invoices": invoices,
            "seed": seed,
            "rows": dict(sorted(loaded.rows.items())),
            "milliseconds": round(loaded.took * 1000),
        }
    )


def _rate(rows: int, seconds: float) -> int:
    return round(rows / seconds) if seconds else 0
