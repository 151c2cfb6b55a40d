"""`kasa openapi`: the document that describes the API."""

import json

import click

from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.http.app import routes_of
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.reference import document


@click.command
@click.option("--url", "base", default=Doorway().public_url, show_default=True, metavar="URL")
@asked
def openapi(request: Request, *, base: str) -> None:
    r"""Print the OpenAPI document of the API; nothing needs to run.

    \b
    Examples:
      kasa openapi > openapi.json
      kasa openapi --url https://shop.example
    """
    with request.tools() as opened:
        written = document(routes_of(opened), Doorway(public_url=base.rstrip("/")))
    if request.json:
        request.screen.answer(written)
    else:
        click.echo(json.dumps(written, ensure_ascii=False, indent=2))
