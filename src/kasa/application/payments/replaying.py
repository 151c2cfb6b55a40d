"""A verdict judged again on what it was judged on: the same, or what changed, row by row."""

from datetime import datetime
from typing import Any

import attrs

from kasa.domain.kernel.errors import Invalid
from kasa.domain.payments.matching import MatchInputs, MatchVerdict, RuleOutcome, Versions, match

KIND = "kasa.verdict"
FORMAT = 1
SAVED_LIMIT_BYTES = 2 * 2**20


class SavedMissing(Invalid):
    """There is no such file, or it cannot be read."""

    code = "replay.file_missing"


class SavedTooLarge(Invalid):
    """The file is larger than any saved verdict: at most 2 MB."""

    code = "replay.file_too_large"


class SavedForeign(Invalid):
    """This is not a saved verdict; `kasa match explain --save FILE` writes one."""

    code = "replay.not_a_verdict"


class SavedTooNew(Invalid):
    """The saved verdict has a format that this version does not know."""

    code = "replay.format_unknown"


class SavedDamaged(Invalid):
    """The saved verdict is damaged, or holds what this version does not know."""

    code = "replay.damaged"


class NotJudged(Invalid):
    """This payment was not judged yet, so there is nothing to judge again."""

    code = "replay.not_judged"


@attrs.frozen(kw_only=True)
class SavedVerdict:
    """What a saved file holds: what was judged, how, by which version, and in which words.

    ``words`` are for people who open the file; they are not read back.
    """

    kasa: str
    made_at: datetime
    inputs: MatchInputs
    verdict: MatchVerdict
    words: Any = None


@attrs.frozen(kw_only=True)
class RowChange:
    """One gate or rule that is judged otherwise than it was; None where it did not exist."""

    rule: str
    then: RuleOutcome | None
    now: RuleOutcome | None


@attrs.frozen(kw_only=True)
class Replayed:
    """A verdict as it was and as it is now."""

    then: MatchVerdict
    now: MatchVerdict
    changes: tuple[RowChange, ...]

    @property
    def is_same(self) -> bool:
        """Whether the answer is the same, whatever versions gave it."""
        return attrs.evolve(self.now, versions=self.then.versions) == self.then

    @property
    def has_other_versions(self) -> bool:
        """Whether other rules or tables judge now."""
        return _judges(self.then.versions) != _judges(self.now.versions)


def _judges(versions: Versions) -> tuple[str, str]:
    return versions.rules, versions.tables


def replay(inputs: MatchInputs, then: MatchVerdict) -> Replayed:
    """Judge again; pure. Raises ``replay.damaged`` for inputs that nobody can judge."""
    try:
        now = match(inputs)
    except (ValueError, TypeError, ArithmeticError, LookupError) as error:
        raise SavedDamaged from error
    before = {row.rule: row for row in then.outcomes}
    after = {row.rule: row for row in now.outcomes}
    changes = tuple(
        RowChange(rule=rule, then=before.get(rule), now=after.get(rule))
        for rule in dict.fromkeys((*after, *before))
        if before.get(rule) != after.get(rule)
    )
    return Replayed(then=then, now=now, changes=changes)
