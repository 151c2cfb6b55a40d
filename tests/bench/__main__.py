"""`python -m tests.bench`: measure, print the table, fail when a gate is passed."""

import argparse
import json
import secrets
import sys
from contextlib import ExitStack
from pathlib import Path
from random import Random

from tests.bench import crowded, domain, memory, start, throughput, verify
from tests.bench.harness import ROUNDS, Figure, measure
from tests.bench.report import document, head, table

QUICK_ROUNDS = 2
CROWD, QUICK_CROWD = 1_000_000, 200_000


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", default="", help="ids of figures, separated by commas")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--quick", action="store_true", help="2 rounds, no gates")
    parser.add_argument("--json", type=Path, default=None, help="write the figures to a file")
    return parser.parse_args()


def main() -> int:
    """Measure; 0 when all gates hold, 1 when one fails."""
    given = arguments()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    wanted = {name for name in given.only.split(",") if name}
    sys.stdout.write(head(seed) + "\n")
    with ExitStack() as opened:
        pictures = tuple(verify.figures(opened))
        found: list[Figure] = [
            *pictures,
            *throughput.figures(opened),
            *memory.figures(opened),
            *domain.figures(pictures[0].baseline),
            *start.figures(),
            *crowded.Crowd(opened, QUICK_CROWD if given.quick else CROWD).figures(),
        ]
        rounds = QUICK_ROUNDS if given.quick else given.rounds
        results = [
            measure(figure, rounds=rounds, random=Random(seed))
            for figure in found
            if not wanted or figure.id in wanted
        ]
    sys.stdout.write(table(results) + "\n")
    if given.json is not None:
        given.json.write_text(json.dumps(document(results, seed), indent=1), encoding="utf-8")
    failed = any(result.verdict == "failed" for result in results)
    return 1 if failed and not given.quick else 0


if __name__ == "__main__":
    sys.exit(main())
