"""Where tests find what is not code: case files and labelled receipts."""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
"""The repository."""

_GIVEN = os.environ.get("KASA_SHARED")
_SHARED = Path(_GIVEN) if _GIVEN else ROOT.parent / "shared"

CASES = _SHARED / "cases" if (_SHARED / "cases").is_dir() else ROOT / "tests" / "cases"
"""The folder of case files: of ``KASA_SHARED``, else a neighbour's, else the copies kept here."""

SLIPS = _SHARED / "slips" if (_SHARED / "slips" / "truth.json").is_file() else None
"""The folder of labelled receipts, or None when there is none."""

_PROGRAMS = (os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin")
PGBOUNCER = shutil.which("pgbouncer", path=os.pathsep.join(_PROGRAMS))
"""The pooler of the Debian package, or None when it is not installed."""
