"""Scripts of pgbench from what kasa really sent, and the proof that both send the same.

One call of kasa is recorded at the driver. Its statements become a script of prepared statements:
the tenant, and what has to be new each time, are made anew; every other value is sent as it was,
as a parameter.
"""

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import attrs
import psycopg
import sqlalchemy
from psycopg.adapt import PyFormat, Transformer
from sqlalchemy import event

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import APP
from kasa.domain.kernel.ids import TenantId

NUMBER = "CAST(lpad(:n, 32, '0') AS uuid)"
WORD = "lpad(:n, 32, '0')"
SHORT = "lpad(:n, 9, '0')"
FRESH: Mapping[str, str] = {
    "key": WORD,
    "name": WORD,
    "number": SHORT,
    "md5": WORD,
    "series_number": "CAST(:n AS int)",
}
"""Parameters, by name, that are another one in each call; and how a script makes them."""

_JOB = re.compile(r"([-0-9a-f]{36}):\w+\.\w+")
_PLACE = re.compile(r"%\((\w+)\)[sbt]")
_P = r"(?:\$\d+|\?)"
_MADE = re.compile(
    r"CAST\(lpad\(\$\d+, 32, '0'\) AS uuid\)|lpad\(\$\d+, \d+, '0'\)|CAST\(\$\d+ AS int\)\B|"
    r"ARRAY\[(?:gen_random_uuid\(\)(?:, )?)+\]|\(NULL\)|"
    rf"replace\({_P}, '[-0-9a-f]+', '\d' \|\| {_P} \|\| \?\)"
)
_LOGGED = re.compile(
    r"^\d{4}-\d\d-\d\d \S+ \S+ \[(\d+)\] (LOG|DETAIL|STATEMENT|ERROR):  (.*)$", re.MULTILINE
)
_STATEMENT = re.compile(r"^(?:statement|execute [^:]+): (.*)\Z", re.DOTALL)


@attrs.frozen
class Said:
    """A statement as it was given to the driver."""

    text: str
    values: Mapping[str, Any]


class RecordingCursor(psycopg.Cursor[Any]):
    """A cursor that notes what it sends, with its values."""

    said: list[Said]

    def execute(self, query: Any, params: Any = None, **options: Any) -> "RecordingCursor":
        """Note a statement and send it."""
        text = query.decode() if isinstance(query, bytes) else str(query)
        self.said.append(Said(text, dict(params or {})))
        super().execute(query, params, **options)
        return self


def recorded(engine: sqlalchemy.Engine, call: Callable[[], object]) -> list[Said]:
    """Return what a call sends on a new connection of an engine."""
    said: list[Said] = []

    def cursor(*arguments: Any, **options: Any) -> RecordingCursor:
        made = RecordingCursor(*arguments, **options)
        made.said = said
        return made

    def listen(connection: Any, _entry: Any) -> None:
        connection.cursor_factory = cursor

    engine.dispose()
    event.listen(engine, "connect", listen)
    try:
        call()
    finally:
        event.remove(engine, "connect", listen)
        engine.dispose()
    return [one for one in said if one.text != "SELECT 1"]


@attrs.frozen(kw_only=True)
class Script:
    """A script of pgbench for one shop, and the values that it sends as they were."""

    tenant: TenantId
    text: str
    values: Mapping[str, str]


def script_of(said: Sequence[Said], tenant: TenantId, invoice: UUID | None = None) -> Script:
    """Return a script that sends the same; ``:n`` is the number of the draft it is about."""
    values: dict[str, str] = {}
    lines = ["\\set n :n + 1"]
    for no, one in enumerate(said):
        if one.text.startswith("BEGIN"):
            begin, _, settings = one.text.partition("; ")
            lines += [f"{begin};", settings.replace(f"'{tenant}'", ":tenant") + ";"]
            continue
        made = _Making(no=no, tenant=tenant, invoice=invoice, values=values, said=one)
        lines.append(_PLACE.sub(made.place, one.text).strip().rstrip(";") + ";")
    return Script(tenant=tenant, text="\n".join(lines) + "\n", values=values)


@attrs.frozen(kw_only=True)
class _Making:
    no: int
    tenant: TenantId
    invoice: UUID | None
    values: dict[str, str]
    said: Said

    def place(self, match: re.Match[str]) -> str:
        """Return what stands in the script for one parameter."""
        name = match.group(1)
        value = self.said.values[name]
        if value is None or value == "":
            return "(NULL)" if value is None else "''"
        if value == self.tenant:
            return ":tenant"
        return NUMBER if value == self.invoice else self._fresh(name, value)

    def _fresh(self, name: str, value: Any) -> str:
        """Return what makes a value anew that cannot be the same twice, else the value."""
        if "INSERT INTO events" in self.said.text and name == "id":
            return f"ARRAY[{', '.join(['gen_random_uuid()'] * len(value))}]"
        if name in FRESH and not isinstance(value, list):
            return FRESH[name]
        kept = f"v{self.no}_{name}"
        self.values[kept] = _text(value)
        made = f":{kept}"
        if name == "jobs":
            for no, known in enumerate(sorted(set(_JOB.findall(self.values[kept])))):
                made = f"replace({made}, '{known}', '{no}' || :tenant || {WORD})"
        return made


def _text(value: Any) -> str:
    """Return a value as PostgreSQL reads it from text."""
    dumper = Transformer().get_dumper(value, PyFormat.TEXT)
    made = dumper.dump(value)
    return bytes(made or b"").decode()


@attrs.frozen(kw_only=True)
class Bench:
    """pgbench as ``kasa_app`` on one database."""

    server: EmbeddedServer
    database: str

    def run(self, scripts: Sequence[Script], *, first: int, each: int) -> float:
        """Run the script of each client so many times, and return the seconds of one.

        Every client is a process of its own, for it has its own shop.
        """
        with TemporaryDirectory() as folder:
            started = [
                self._start(Path(folder, f"{no}.sql"), script, first=first, each=each)
                for no, script in enumerate(scripts)
            ]
            ended = [(one, *one.communicate()) for one in started]
        for one, said, errors in ended:
            if one.returncode or "number of failed transactions: 0" not in said:
                raise RuntimeError(f"pgbench failed: {errors or said}")
        rates = [_rate(said) for _, said, _ in ended]
        return 1 / sum(rates)

    def _start(
        self, path: Path, script: Script, *, first: int, each: int
    ) -> "subprocess.Popen[str]":
        home = self.server.home
        path.write_text(script.text, encoding="utf-8")
        given = {"n": str(first - 1), "tenant": str(script.tenant), **script.values}
        command = [
            str(self.server.binaries.folder / "pgbench"),
            *("-n", "-M", "prepared", "-c", "1", "-j", "1", "-t", str(each), "-f", str(path)),
            *(part for name, value in given.items() for part in ("-D", f"{name}={value}")),
            *("-h", str(home.socket), "-p", "5432", "-U", APP, self.database),
        ]
        return subprocess.Popen(
            command,
            env={"PGPASSWORD": home.password(APP), "LC_ALL": "C"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def _rate(said: str) -> float:
    found = re.search(r"tps = ([\d.]+) \(without initial connection time\)", said)
    if found is None:
        raise RuntimeError(f"pgbench said no rate: {said}")
    return float(found.group(1))


@contextmanager
def logged(server: EmbeddedServer, connection: "psycopg.Connection[Any]") -> Iterator[list[str]]:
    """Yield a list that holds, afterwards, the normalised statements that kasa_app sent."""
    folder = server.home.data / "log"
    before = {path: path.stat().st_size for path in folder.glob("*.log")}
    connection.execute("ALTER ROLE kasa_app SET log_statement = 'all'")
    said: list[str] = []
    try:
        yield said
    finally:
        connection.execute("ALTER ROLE kasa_app RESET log_statement")
    for path in sorted(folder.glob("*.log")):
        text = path.read_bytes()[before.get(path, 0) :].decode("utf-8", "replace")
        said += _statements(text)


def _statements(log: str) -> Iterator[str]:
    starts = [*_LOGGED.finditer(log)]
    ends = [match.start() for match in starts[1:]] + [len(log)]
    for match, end in zip(starts, ends, strict=True):
        found = _STATEMENT.match(log[match.start(3) : end].strip())
        if match.group(2) == "LOG" and found is not None:
            yield from normalised(found.group(1))


def normalised(batch: str) -> Iterator[str]:
    """Yield the statements of a batch without literals, parameters and what makes identifiers."""
    for part in batch.split(";"):
        text = " ".join(part.split())
        for _ in range(2):
            text = _MADE.sub("?", text)
        text = re.sub(r"\$\d+|'[^']*'", "?", text)
        if text:
            yield text
