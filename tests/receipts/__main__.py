"""`python -m tests.receipts DIR --seed N --count M`: draw a labelled set of receipts."""

import argparse
from pathlib import Path

from tests.receipts.kinds import KINDS
from tests.receipts.series import Series, write


def main() -> int:
    """Draw; 0 when it is done."""
    parser = argparse.ArgumentParser(prog="python -m tests.receipts")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--layout", action="append", choices=sorted(KINDS), default=[])
    parser.add_argument("--system-fonts", action="store_true", help="with this system's fonts too")
    given = parser.parse_args()
    series = Series(given.seed, layouts=given.layout, system_fonts=given.system_fonts)
    write(given.folder, series.cases(given.count))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
