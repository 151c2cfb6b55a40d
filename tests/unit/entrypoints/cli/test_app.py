"""The rules of every command: streams, documents, exit codes, options."""

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from kasa.domain.kernel.errors import (
    Conflict,
    Forbidden,
    Invalid,
    KasaError,
    NotEntitled,
    NotFound,
    Throttled,
    Unauthenticated,
    Unavailable,
)
from kasa.entrypoints.cli.app import kasa
from kasa.entrypoints.cli.failures import failure
from kasa.entrypoints.settings import SettingInvalid
from tests.unit.entrypoints.cli.conftest import Command


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command that does something."""
    if not isinstance(command, click.Group):
        yield path
        return
    for name, child in command.commands.items():
        yield from leaves(child, (*path, name))


LEAVES = list(leaves(kasa))


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_explains_itself(command: Command, path: tuple[str, ...]) -> None:
    """`--help` of every command is on stdout and ends with 0."""
    ended = command(*path, "--help")
    assert ended.code == 0
    assert ended.out.startswith("Usage: kasa ")


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_takes_the_shared_options(path: tuple[str, ...]) -> None:
    """Each command takes `--json`, `--tenant`, `--as` and the others."""
    found: click.Command = kasa
    for word in path:
        assert isinstance(found, click.Group)
        found = found.commands[word]
    given = {option for parameter in found.params for option in parameter.opts}
    assert given >= {"--json", "--quiet", "--no-color", "--tenant", "--as", "--idempotency-key"}


def test_an_unknown_command_is_bad_input(command: Command) -> None:
    """A usage error ends with 2, says what helps, and prints nothing on stdout."""
    ended = command("fly")
    assert (ended.code, ended.out) == (2, "")
    assert "kasa --help" in ended.err


def test_a_usage_error_is_a_document_too(command: Command) -> None:
    """With `--json` a usage error is a document with a code."""
    ended = command("tenant", "open", "--json")
    assert ended.code == 2
    assert ended.document["error"]["code"] == "usage"
    assert ended.err == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid(), 2),
        (Unauthenticated(), 5),
        (NotEntitled(), 5),
        (Forbidden(), 5),
        (NotFound(), 4),
        (Conflict(), 6),
        (Throttled(retry_after=1), 7),
        (Unavailable(), 7),
        (SettingInvalid(), 3),
        (KasaError(), 1),
        (RuntimeError("secret"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_every_kind_of_failure_has_its_exit_code(error: BaseException, code: int) -> None:
    """The exit code is the kind's; a bug is 1 and says nothing of its inside."""
    ended = failure(error)
    assert code == ended.exit
    assert "secret" not in ended.message


def test_shops_are_opened_and_listed(command: Command) -> None:
    """A shop that was opened is listed with its currency."""
    made = command("tenant", "open", "Sokha Textiles", "--currency", "USD", "--json").data
    listed = command("tenant", "list", "--json").data["items"]
    assert [(made["id"], "Sokha Textiles", "USD")] == [
        (shop["id"], shop["name"], shop["currency"]) for shop in listed
    ]


def test_data_is_on_stdout_and_words_are_on_stderr(command: Command) -> None:
    """People get the id on stdout, so that a script can take it, and the sentence on stderr."""
    ended = command("tenant", "open", "Sokha Textiles")
    assert len(ended.out.strip()) == 36
    assert "Sokha Textiles is open." in ended.err
    assert command("tenant", "open", "Dara Shoes", "--quiet").err == ""


def test_without_a_shop_the_next_command_is_named(command: Command) -> None:
    """A command that needs a shop says how to open one."""
    ended = command("jobs", "list")
    assert ended.code == 2
    assert "(tenant.none)" in ended.err
    assert "kasa tenant open" in ended.err


def test_of_several_shops_one_has_to_be_named(command: Command) -> None:
    """With two shops `--tenant` is asked for, and takes an id or a name."""
    first = command("tenant", "open", "Sokha Textiles", "--json").data["id"]
    command("tenant", "open", "Dara Shoes")
    assert command("jobs", "list", "--json").document["error"]["code"] == "tenant.required"
    assert command("jobs", "list", "--tenant", first).code == 0
    assert command("jobs", "list", "--tenant", "Dara Shoes").code == 0
    assert command("jobs", "list", "--tenant", "Nobody").code == 4
    command("tenant", "open", "Dara Shoes")
    twins = command("jobs", "list", "--tenant", "Dara Shoes", "--json").document["error"]
    told = ("tenant.required", "2 shops are called so: name one by its id.")
    assert told == (twins["code"], twins["message"])


@pytest.mark.parametrize("id", ["nonsense", "0193A5C4", "{0193a5c4-6f00-7000-8000-000000000001}"])
def test_an_id_of_another_shape_is_like_a_missing_one(command: Command, id: str) -> None:
    """A malformed id and an unknown one end alike, with 4."""
    command("tenant", "open", "Sokha Textiles")
    assert command("jobs", "retry", id).code == 4
    assert command("jobs", "retry", "0193a5c4-6f00-7000-8000-000000000001").code == 4


def test_a_viewer_may_not_do_what_an_owner_may(command: Command) -> None:
    """`--as` acts in a role, and a refusal ends with 5."""
    command("tenant", "open", "Sokha Textiles")
    ended = command("jobs", "list", "--as", "viewer", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (5, "access.role_too_low")


def test_there_is_no_colour_in_pipes(command: Command) -> None:
    """No escape sequence reaches a stream that is not a terminal."""
    ended = command("tenant", "open", "Sokha Textiles")
    assert "\x1b" not in ended.out + ended.err


def test_the_package_is_a_command_too() -> None:
    """`python -m kasa` is the command."""
    ended = subprocess.run(
        [sys.executable, "-m", "kasa", "--version"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "kasa, version 0.1.0\n")


GROUPS = [(), *sorted({path[:-1] for path in LEAVES if len(path) > 1})]


@pytest.mark.parametrize("path", [*GROUPS, *LEAVES], ids=" ".join)
def test_help_keeps_the_lines_of_its_examples(command: Command, path: tuple[str, ...]) -> None:
    """Examples stand one below the other, and no mark of the layout is printed."""
    out = command(*path, "--help").out
    assert "\\b" not in out
    assert not any(line.strip() != "Examples:" for line in out.splitlines() if "Examples:" in line)


@pytest.mark.parametrize("path", GROUPS, ids=" ".join)
def test_a_group_alone_names_its_help(command: Command, path: tuple[str, ...]) -> None:
    """Without a command there is one sentence and the next command line, not a page as error."""
    ended = command(*path)
    assert (2, "") == (ended.code, ended.out)
    hint = " ".join(("kasa", *path, "--help"))
    assert f"Missing command. (usage)\n  {hint}\n" == ended.err


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--zone", "Mars/Olympus", "zone.unknown"),
        ("--country", "ZZZ", "tenant.country"),
        ("--country", "kh", "tenant.country"),
    ],
)
def test_a_shop_in_no_place_is_not_opened(
    command: Command, option: str, value: str, code: str
) -> None:
    """An unknown zone and a malformed country are refused before anything is stored."""
    ended = command("tenant", "open", "Sokha Textiles", option, value, "--json")
    assert (2, code) == (ended.code, ended.document["error"]["code"])
    assert [] == command("tenant", "list", "--json").data["items"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("invoice", "show", "INV-9"), "There is no invoice INV-9."),
        (("invoice", "void", "INV-9", "--reason", "x"), "There is no invoice INV-9."),
        (("stock", "show", "NOPE"), "There is no product with the code NOPE."),
        (("review", "approve", "nope"), "There is no payment nope."),
        (("jobs", "retry", "nope"), "There is no failed job nope."),
        (("invoice", "list", "--tenant", "Nope"), "There is no shop Nope;"),
    ],
    ids=str,
)
def test_a_missing_thing_is_named(command: Command, words: tuple[str, ...], sentence: str) -> None:
    """Who mistyped sees what was looked for; the exit code is 4."""
    command("tenant", "open", "Sokha Textiles")
    ended = command(*words)
    assert 4 == ended.code
    assert sentence in ended.err
