"""Which passwords are taken: length decides, and what everybody tries first is refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.identity.password import (
    LENGTH_MAX,
    PasswordFault,
    PasswordGuessable,
    PasswordPolicy,
    PasswordTooLong,
    PasswordTooShort,
    fault_of,
    normal,
)
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.text import TextNotAllowed

POLICY = PasswordPolicy()
GOOD = "q7#vT2!mZ9@kL4$xB6&nR8*wY3%pJ5^h" * 8
KHMER = "ខ្ញុំទៅផ្សារជាមួយម្តាយ"


def _unlisted(word: str) -> PasswordFault | None:
    return PasswordFault.LISTED if word in {"password", "trustno"} else None


def _code(password: str, *, second_factor: bool = False, words: tuple[str, ...] = ()) -> str | None:
    try:
        POLICY.demand(password, second_factor=second_factor, listed=_unlisted, site_words=words)
    except KasaError as error:
        return error.code
    return None


@pytest.mark.D8
@pytest.mark.parametrize(
    ("length", "alone", "guarded"),
    [
        (7, PasswordTooShort.code, PasswordTooShort.code),
        (8, PasswordTooShort.code, None),
        (14, PasswordTooShort.code, None),
        (15, None, None),
        (200, None, None),
        (201, PasswordTooLong.code, PasswordTooLong.code),
    ],
)
def test_length_decides(length: int, alone: str | None, guarded: str | None) -> None:
    """15 alone, 8 with a second factor, 200 at most; each bound to the letter."""
    password = GOOD[:length]
    assert alone == _code(password)
    assert guarded == _code(password, second_factor=True)


@pytest.mark.D8
@pytest.mark.parametrize(
    "password",
    [
        "all lower case letters",
        "               x y z q w",
        KHMER,
        "🌾🐃🌧🛶🍚🥭🐘🌴🪷🎣🧺🏮🪁🥥🐟",
        "école à Kampong Chhnâng",
        "pasted from a manager: 9f8e7d6c",
        "8203571946283740",
    ],
)
def test_nothing_is_asked_of_the_kinds_of_letters(password: str) -> None:
    """Spaces, Khmer, emoji, marks, digits alone, all lower case: all are taken."""
    assert _code(password) is None


@pytest.mark.D8
@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("password", PasswordFault.LISTED),
        ("PASSWORD", PasswordFault.LISTED),
        ("123password!!", PasswordFault.LISTED),
        ("trustno1", PasswordFault.LISTED),
        ("aaaaaaaaaaaaaaaa", PasswordFault.REPEATED),
        ("abcabcabcabcabcabc", PasswordFault.REPEATED),
        ("qwertyuiopasdfgh", PasswordFault.RUN),
        ("1234567890123456", PasswordFault.RUN),
        ("poiuytrewqlkjhgf", PasswordFault.RUN),
        ("sokha-textiles-2026", PasswordFault.SITE_WORD),
        ("KASA2026kasa!!", PasswordFault.SITE_WORD),
    ],
)
def test_what_everybody_tries_first_is_refused_with_its_reason(
    password: str, reason: PasswordFault
) -> None:
    """Frequent, repeated, running and local words, folded, with digits and signs around them."""
    words = ("kasa", "Sokha Textiles")
    assert reason is fault_of(normal(password), listed=_unlisted, site_words=words)
    if len(password) >= POLICY.with_second_factor:
        with pytest.raises(PasswordGuessable) as refused:
            POLICY.demand(password, second_factor=True, listed=_unlisted, site_words=words)
        assert {"reason": reason.value} == refused.value.facts


@pytest.mark.D8
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=220))
def test_nothing_is_cut(password: str) -> None:
    """What is hashed is the whole password in NFKC, or it is refused."""
    try:
        form = POLICY.demand(password, second_factor=True, listed=_unlisted)
    except KasaError:
        return
    assert unicodedata.normalize("NFKC", password) == form
    assert 8 <= len(form) <= LENGTH_MAX


@pytest.mark.D8
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=15, max_size=60))
def test_two_ways_of_typing_are_one_password(password: str) -> None:
    """Composed or not, a password has one form, and folding it once more changes nothing."""
    assert normal(password) == normal(unicodedata.normalize("NFKD", password))
    assert normal(password) == normal(normal(password))


@given(st.sampled_from(["Sokha Textiles", "ABA", "chan.dara"]), st.integers(0, 10**9))
def test_a_name_with_digits_around_it_is_a_name(word: str, number: int) -> None:
    """Digits and signs beside what a stranger knows make no secret of it."""
    form = normal(f"{number}{word}!{number}")
    assert PasswordFault.SITE_WORD is fault_of(form, listed=_unlisted, site_words=(word,))


def test_half_a_letter_is_no_text() -> None:
    """What cannot be written in UTF-8 is refused, not a crash."""
    with pytest.raises(TextNotAllowed):
        POLICY.demand("\ud800" * 15, second_factor=False, listed=_unlisted)


def test_no_policy_is_weaker_than_its_floor() -> None:
    """Lengths below 8, and shorter alone than with a second factor, are a mistake at the start."""
    for alone, guarded in [(15, 7), (7, 7), (8, 15), (201, 8)]:
        with pytest.raises(ValueError, match="8 to 200"):
            PasswordPolicy(alone=alone, with_second_factor=guarded)
