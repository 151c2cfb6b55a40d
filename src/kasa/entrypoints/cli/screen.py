"""Two streams: data on stdout, words on stderr."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import monotonic

from rich.console import Console, RenderableType
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from kasa.entrypoints.cli.failures import Failure
from kasa.entrypoints.shown.plain import plain

WIDE = 1000
LINE_SECONDS = 5


class Screen:
    """What one command prints; with ``json`` a single document and nothing else on stdout."""

    def __init__(self, *, json_document: bool, quiet: bool, color: bool) -> None:
        self.json = json_document
        self.quiet = quiet
        self.warnings: list[str] = []
        self._out = self._console(stderr=False, color=color)
        self._err = self._console(stderr=True, color=color)

    @staticmethod
    def _console(*, stderr: bool, color: bool) -> Console:
        stream = sys.stderr if stderr else sys.stdout
        return Console(
            file=stream,
            no_color=not color,
            highlight=False,
            soft_wrap=True,
            width=None if stream.isatty() else WIDE,
        )

    def say(self, words: str, style: str = "") -> None:
        """Tell a person something, on stderr; nothing with ``--quiet``."""
        if not self.quiet:
            self._err.print(Text(words, style=style))

    def warn(self, words: str) -> None:
        """Tell a person what deserves a look; it is also part of the document."""
        self.warnings.append(words)
        if not self.json:
            self._err.print(Text(f"Warning: {words}", style="yellow"))

    def show(self, *parts: RenderableType) -> None:
        """Print data for people, on stdout; nothing with ``--json``."""
        if not self.json:
            for part in parts:
                self._out.print(part)

    def answer(self, data: object) -> None:
        """Print the document of ``--json``; people have seen the data already."""
        if self.json:
            document = {"ok": True, "data": plain(data), "warnings": self.warnings}
            self._write(document)

    def fail(self, failure: Failure) -> None:
        """Print a failure: as the document, or as a sentence with its code and what helps."""
        if self.json:
            self._write(failure.document)
            return
        self._err.print(Text(f"{failure.message} ({failure.code})", style="red"))
        if failure.hint:
            self._err.print(Text(f"  {failure.hint}"))

    def waiting(self, words: str) -> AbstractContextManager[object]:
        """Show that something takes a while: a spinner on a terminal, one line elsewhere."""
        if self.quiet:
            return nullcontext()
        if self._err.is_terminal:
            return self._err.status(words)
        self.say(words)
        return nullcontext()

    @contextmanager
    def counting(self, words: str, total: int) -> Iterator[Callable[[], None]]:
        """Yield what to call after each step; a bar on a terminal, else a line per 5 s."""
        if self._err.is_terminal and not self.quiet:
            with Progress(console=self._err, transient=True) as bar:
                task = bar.add_task(words, total=total)
                yield lambda: bar.advance(task)
            return
        done, told_at = 0, monotonic()

        def step() -> None:
            nonlocal done, told_at
            done += 1
            if monotonic() - told_at >= LINE_SECONDS:
                told_at = monotonic()
                self.say(f"{words}: {done} of {total}")

        yield step

    @staticmethod
    def _write(document: object) -> None:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return a plain table; numbers and money line up on the right."""
    drawn = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        right = column.startswith(">")
        drawn.add_column(column.removeprefix(">"), justify="right" if right else "left")
    for row in rows:
        drawn.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return drawn
