"""Mutates the domain and counts what the tests kill: ``python -m tests.mutants``.

Without options every mutant is tried, which takes long. ``--sample N --seed S`` tries N of them,
chosen by the printed seed. A mutant that no test reaches counts as alive.
"""

import argparse
import json
import secrets
import subprocess
import sys
from collections.abc import Sequence
from random import Random

from tests.places import ROOT

CONTEXTS = ("payments", "invoicing", "inventory")
GOAL_PERCENT = 90
MUTANTS = ROOT / "mutants" / "src" / "kasa" / "domain"
LOG = ROOT / "build" / "mutants.log"
ALIVE = frozenset({0, 33})
"""Exit codes of the tool: all tests passed, and no test reaches the mutant."""
NOTHING = "no.such.mutant"


def results() -> dict[str, int | None]:
    """Return every mutant by name, with the exit code of its tests or None when it was not run."""
    found: dict[str, int | None] = {}
    for path in sorted(MUTANTS.rglob("*.meta")):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def context_of(mutant: str) -> str:
    """Return the context that a mutant belongs to."""
    return mutant.split(".")[2]


def run(names: Sequence[str]) -> int:
    """Try some mutants, all when none is named."""
    command = [sys.executable, "-m", "mutmut", "run", *names]
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        done = subprocess.run(
            command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    return done.returncode


def chosen(sample: int, seed: int) -> list[str]:
    """Make all mutants and choose some of them."""
    run([NOTHING])
    names = sorted(results())
    if not names:
        sys.exit(f"no mutants were made; {LOG} says why")
    return Random(seed).sample(names, min(sample, len(names)))


def table(tried: dict[str, int]) -> tuple[str, bool]:
    """Return the table of what was killed, and whether each context reaches the goal."""
    lines, reached = ["context     killed   of   percent"], True
    for context in CONTEXTS:
        codes = [code for name, code in tried.items() if context_of(name) == context]
        killed = sum(code not in ALIVE for code in codes)
        percent = 100 * killed // len(codes) if codes else 0
        reached &= not codes or percent >= GOAL_PERCENT
        lines.append(f"{context:<10} {killed:>7} {len(codes):>4} {percent:>7} %")
    return "\n".join(lines), reached


def main() -> int:
    """Try mutants; 1 when a context is below 90 %."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--sample", type=int, help="how many mutants, else all")
    parser.add_argument("--seed", type=int, help="of the choice; printed")
    given = parser.parse_args()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    names = chosen(given.sample, seed) if given.sample else []
    run(names)
    wanted = set(names)
    tried = {
        name: code
        for name, code in results().items()
        if code is not None and (not wanted or name in wanted)
    }
    text, reached = table(tried)
    alive = sorted(name for name, code in tried.items() if code in ALIVE)
    sys.stdout.write("\n".join(["alive:", *alive, "", f"seed {seed}", text, ""]))
    return 0 if reached and tried else 1


if __name__ == "__main__":
    sys.exit(main())
