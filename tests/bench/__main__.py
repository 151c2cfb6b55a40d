"""`python -m tests.bench`: measure, print the table, fail when a gate is passed."""

import argparse
import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random

from tests.bench import crowded, domain, memory, start, store, throughput, verify
from tests.bench.harness import ROUNDS, Figure, measure
from tests.bench.report import document, head, table

QUICK_ROUNDS = 2
CROWD, QUICK_CROWD = 1_000_000, 200_000
CROWDED = frozenset({"D3i", "D3l"})


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", default="", help="ids of figures, separated by commas")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--quick", action="store_true", help="2 rounds, no gates")
    parser.add_argument("--json", type=Path, default=None, help="write the figures to a file")
    return parser.parse_args()


def _figures(wanted: set[str], opened: ExitStack, crowd: int) -> Iterator[Figure]:
    """Yield the figures; those of pictures start their readers only when one is wanted."""
    if not wanted or wanted - store.IDS - CROWDED:
        pictures = tuple(verify.figures(opened))
        yield from pictures
        yield from throughput.figures(opened)
        yield from memory.figures(opened)
        yield from domain.figures(pictures[0].baseline)
        yield from start.figures()
    yield from store.figures(opened)
    yield from crowded.Crowd(opened, crowd).figures()


def main() -> int:
    """Measure; 0 when all gates hold, 1 when one fails."""
    given = arguments()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    wanted = {name for name in given.only.split(",") if name}
    sys.stdout.write(head(seed) + "\n")
    with ExitStack() as opened:
        rounds = QUICK_ROUNDS if given.quick else given.rounds
        results = [
            measure(figure, rounds=rounds, random=Random(seed))
            for figure in _figures(wanted, opened, QUICK_CROWD if given.quick else CROWD)
            if not wanted or figure.id in wanted
        ]
    sys.stdout.write(table(results) + "\n")
    if given.json is not None:
        given.json.write_text(json.dumps(document(results, seed), indent=1), encoding="utf-8")
    failed = any(result.verdict == "failed" for result in results)
    return 1 if failed and not given.quick else 0


if __name__ == "__main__":
    sys.exit(main())
