"""Which passwords are taken (promises.md, section 11; NIST SP 800-63B, 5.1.1.2; ASVS 6.2).

Length decides. Nothing is demanded of the kinds of characters, nothing is cut, nothing expires.
What everybody tries first is refused, with its reason.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from enum import StrEnum
from itertools import pairwise

import attrs

from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.text import TextNotAllowed

LENGTH_ALONE = 15
LENGTH_WITH_SECOND_FACTOR = 8
LENGTH_FLOOR = 8
LENGTH_MAX = 200
SITE_WORD_MIN = 3
RUN_MIN = 4
_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qazwsxedcrfvtgbyhnujmikolp",
)
_REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]")


class PasswordFault(StrEnum):
    """Why a password is refused."""

    LISTED = "listed"
    BREACHED = "breached"
    SITE_WORD = "site_word"
    REPEATED = "repeated"
    RUN = "run"


Listed = Callable[[str], PasswordFault | None]
"""Tells whether a word is a frequent password, or one of a breach."""


class PasswordTooShort(Invalid):
    """The password is too short."""

    code = "identity.password_too_short"


class PasswordTooLong(Invalid):
    """The password is too long."""

    code = "identity.password_too_long"


class PasswordGuessable(Invalid):
    """This password is among the first that a stranger would try."""

    code = "identity.password_guessable"


@attrs.frozen(kw_only=True)
class PasswordPolicy:
    """How long a password is, counted in code points after NFKC.

    ``alone`` is the least length of one that opens an account by itself, ``with_second_factor``
    of one that does not; neither is below 8.
    """

    alone: int = LENGTH_ALONE
    with_second_factor: int = LENGTH_WITH_SECOND_FACTOR

    def __attrs_post_init__(self) -> None:
        if not LENGTH_FLOOR <= self.with_second_factor <= self.alone <= LENGTH_MAX:
            raise ValueError("lengths are 8 to 200, and no shorter alone than with a second factor")

    def least(self, *, second_factor: bool) -> int:
        """Return how many code points are needed."""
        return self.with_second_factor if second_factor else self.alone

    def demand(
        self,
        password: str,
        *,
        second_factor: bool,
        listed: Listed,
        site_words: Collection[str] = (),
    ) -> str:
        """Return the form that is hashed, or raise ``identity.password_*``.

        ``site_words`` are what a stranger knows of the account: names of the site, of the shop and
        of the person, the part of the address before the @. ``listed`` holds frequent passwords,
        casefolded, and is asked for a few words only. A refusal for being guessable names its
        reason.
        """
        form = normal(password)
        if any(unicodedata.category(letter) == "Cs" for letter in form):
            raise TextNotAllowed
        least = self.least(second_factor=second_factor)
        if len(form) < least:
            raise PasswordTooShort(least=least)
        if len(form) > LENGTH_MAX:
            raise PasswordTooLong(limit=LENGTH_MAX)
        fault = fault_of(form, site_words=site_words, listed=listed)
        if fault is not None:
            raise PasswordGuessable(reason=fault.value)
        return form


def normal(password: str) -> str:
    """Return the form in which a password is counted, compared and hashed: NFKC, whole."""
    return unicodedata.normalize("NFKC", password)


def shown(password: str | None) -> str | None:
    """Return the form of a password that is compared, or None for what can be none.

    That is what is too long, and what cannot be written in UTF-8.
    """
    form = normal(password or "")
    if password is None or len(form) > LENGTH_MAX:
        return None
    return None if any(unicodedata.category(letter) == "Cs" for letter in form) else form


def fault_of(
    form: str, *, listed: Listed, site_words: Collection[str] = ()
) -> PasswordFault | None:
    """Return why a password would be guessed early, or None.

    It is looked at casefolded, as it is and without the digits and signs around it.
    """
    folded = form.casefold()
    core = _core(folded)
    for word in dict.fromkeys((form, folded, core)):
        found = listed(word) if word else None
        if found is not None:
            return found
    if _REPEATED.fullmatch(folded) or (core and _REPEATED.fullmatch(core)):
        return PasswordFault.REPEATED
    if _is_of_runs(folded) or _is_of_runs(core):
        return PasswordFault.RUN
    if _is_of_words(folded, site_words):
        return PasswordFault.SITE_WORD
    return None


def _core(folded: str) -> str:
    """Return what stands between the first letter and the last."""
    letters = [found.start() for found in _LETTERS.finditer(folded)]
    return folded[letters[0] : letters[-1] + 1] if letters else ""


def _is_of_runs(text: str) -> bool:
    """Tell whether a text is nothing but pieces of keyboard rows, of the alphabet, of counting."""
    if len(text) < RUN_MIN:
        return False
    steps = {pair for row in _ROWS for pair in pairwise(row)}
    breaks = 0
    for pair in pairwise(text):
        if pair not in steps and pair[::-1] not in steps:
            breaks += 1
    return (breaks + 1) * RUN_MIN <= len(text)


def _is_of_words(folded: str, site_words: Collection[str]) -> bool:
    """Tell whether nothing but digits and signs is left without the words of the site."""
    words = {word for text in site_words for word in _words(text)}
    left = folded
    for word in sorted(words, key=lambda word: (-len(word), word)):
        left = left.replace(word, " ")
    return left != folded and not _LETTERS.search(left)


def _words(text: str) -> list[str]:
    """Return a name folded, whole and without its spaces, and each of its words."""
    folded = normal(text).casefold()
    parts = re.split(r"[\W_]+", folded)
    return [word for word in (folded, "".join(parts), *parts) if len(word) >= SITE_WORD_MIN]
