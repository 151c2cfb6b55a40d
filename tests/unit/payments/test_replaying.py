"""A saved verdict is judged again offline: the same answer, or what changed; files are doubted."""

import json
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_payments import PAID_AT, match_inputs
from kasa.adapters.postgres.saved_verdicts import saved_text, saved_verdict
from kasa.application.payments.replaying import SAVED_LIMIT_BYTES, SavedVerdict, replay
from kasa.domain.kernel.errors import KasaError
from kasa.domain.payments.matching import Decision, MatchInputs, match


def saved(inputs: MatchInputs) -> SavedVerdict:
    """Return the saved verdict of some inputs."""
    return SavedVerdict(kasa="0", made_at=PAID_AT, inputs=inputs, verdict=match(inputs))


def code_of(data: bytes) -> str:
    """Return the code with which a file is refused."""
    with pytest.raises(KasaError) as refused:
        saved_verdict(data)
    return refused.value.code


@given(inputs=match_inputs())
def test_what_was_saved_gives_the_same_verdict(inputs: MatchInputs) -> None:
    """Inputs and verdict survive the file, and judging again gives the verdict again."""
    made = saved(inputs)
    back = saved_verdict(saved_text(made).encode())
    assert back == made
    done = replay(back.inputs, back.verdict)
    assert done.is_same
    assert done.changes == ()
    assert not done.has_other_versions


@given(inputs=match_inputs())
def test_what_changed_is_told_row_by_row(inputs: MatchInputs) -> None:
    """A row that was judged otherwise, and other versions, are told."""
    then = match(inputs)
    first, *others = then.outcomes
    changed = attrs.evolve(first, points=first.points + 1)
    other = attrs.evolve(
        then,
        points=then.points + 1,
        outcomes=(changed, *others[1:]),
        versions=attrs.evolve(then.versions, rules="1999.1"),
    )
    done = replay(inputs, other)
    assert not done.is_same
    assert done.has_other_versions
    assert [one.rule for one in done.changes] == [first.rule, others[0].rule]
    assert done.changes[1].then is None


@given(inputs=match_inputs())
def test_other_versions_alone_are_the_same_answer(inputs: MatchInputs) -> None:
    """The same answer by other rules is the same answer."""
    then = match(inputs)
    other = attrs.evolve(then, versions=attrs.evolve(then.versions, tables="1999.1"))
    done = replay(inputs, other)
    assert done.is_same
    assert done.has_other_versions


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "replay.not_a_verdict"),
        (b"{", "replay.not_a_verdict"),
        (b"[]", "replay.not_a_verdict"),
        (b"\xff\xfe", "replay.not_a_verdict"),
        (b"[" * 100_000, "replay.not_a_verdict"),
        (b'{"format": 1}', "replay.not_a_verdict"),
        (b'{"kind": "kasa.invoice", "format": 1}', "replay.not_a_verdict"),
        (b'{"kind": "kasa.verdict", "format": 2}', "replay.format_unknown"),
        (b'{"kind": "kasa.verdict"}', "replay.format_unknown"),
        (b'{"kind": "kasa.verdict", "format": 1}', "replay.damaged"),
        (b'{"kind": "kasa.verdict", "format": 1, "inputs": [], "verdict": 7}', "replay.damaged"),
        (b" " * (SAVED_LIMIT_BYTES + 1), "replay.file_too_large"),
    ],
)
def test_other_files_are_refused_with_their_code(data: bytes, code: str) -> None:
    """Broken, foreign, newer and huge files have each their code."""
    assert code_of(data) == code


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all values of a document."""
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    else:
        return [path]
    return [path, *(one for name, part in parts for one in leaves(part, (*path, name)))]


@settings(max_examples=60)
@given(
    inputs=match_inputs(),
    data=st.data(),
    other=st.one_of(
        st.none(),
        st.integers(),
        st.text(max_size=8),
        st.just([]),
        st.just({}),
        st.just("9999-12-31T23:59:59+00:00"),
        st.just("0001-01-01T00:00:00+00:00"),
        st.just("1e999"),
    ),
)
def test_a_changed_file_never_fails_otherwise(
    inputs: MatchInputs, data: st.DataObject, other: Any
) -> None:
    """Whatever one value is replaced by, the file is judged or refused with a code."""
    document = json.loads(saved_text(saved(inputs)))
    path = data.draw(st.sampled_from(leaves(document)[1:]))
    inner = document
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = other
    try:
        found = saved_verdict(json.dumps(document).encode())
        answer = replay(found.inputs, found.verdict).now.decision.value
    except KasaError as refused:
        answer = refused.code
    decisions = {decision.value for decision in Decision}
    refusals = {"replay.damaged", "replay.format_unknown", "replay.not_a_verdict"}
    assert answer in decisions | refusals
