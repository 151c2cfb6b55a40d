"""What each mail to a person says, in English; the catalogue has it in Khmer.

A sentence whose values are not known is left out. ``{at}`` is the moment of what happened.
"""

import re
from collections.abc import Mapping

import attrs

from kasa.application.ports.phrasing import placeholders
from kasa.application.ports.wording import Language, Wording
from kasa.domain.channels.message import Message
from kasa.domain.identity.mail import MailKind

ONCE_A_DAY = "The link works once, within 24 hours."
NOT_YOU = "If it was not you, do nothing."
ALARM = "If it was not you: set a new password, which signs out everybody else."
WHEN = "It happened on {at}."
DEVICE = "Browser: {device}"
PLACE = "Place: {place}"

LINK = "{link}"
NAMELESS = "kasa"
STRANGERS = frozenset({"shop", "name", "device", "place"})
"""Values that somebody else may have chosen: a mail of ours must not carry a link of theirs."""
STRANGERS_LIMIT = 80
_LINKING = re.compile(r"(?<=\w)[./]+(?=[^\W\d])|[:/@]{1,3}(?=\w)")


@attrs.frozen(kw_only=True)
class MailWords:
    """A subject and paragraphs; where the link stands, ``LINK`` does, to a page of the site."""

    subject: str
    says: tuple[str, ...]
    page: str = ""


def _notice(subject: str, *says: str) -> MailWords:
    return MailWords(subject=subject, says=(*says, WHEN, ALARM))


MAILS: Mapping[MailKind, MailWords] = {
    MailKind.SIGN_UP: MailWords(
        subject="Open your shop with kasa",
        says=(
            "Somebody, most likely you, wants to open a shop with this address. To go on, open:",
            LINK,
            ONCE_A_DAY,
            NOT_YOU,
        ),
        page="/sign-up",
    ),
    MailKind.HAVE_ACCOUNT: MailWords(
        subject="You have an account with kasa",
        says=(
            "Somebody, most likely you, wants to open an account with this address. It has one.",
            "Sign in with your password, or ask for a new one.",
            NOT_YOU,
        ),
    ),
    MailKind.MAGIC: MailWords(
        subject="Sign in to kasa",
        says=(
            "To sign in, open this link in the browser where you asked for it:",
            LINK,
            "Or type this code there: {code}",
            "Both work within 10 minutes, once.",
            NOT_YOU,
        ),
        page="/sign-in",
    ),
    MailKind.RESET: MailWords(
        subject="Choose a new password",
        says=(
            "To choose a new password for kasa, open:",
            LINK,
            "The link works once, within an hour.",
            "If it was not you, do nothing: your password stays as it is.",
        ),
        page="/password-reset",
    ),
    MailKind.INVITATION: MailWords(
        subject="You are invited to {shop}",
        says=(
            "{shop} asks you to work with it. To accept, open:",
            LINK,
            "The link works once, within 7 days.",
            NOT_YOU,
        ),
        page="/invitation",
    ),
    MailKind.EMAIL_CONFIRM: MailWords(
        subject="Confirm your new address",
        says=(
            "To use this address for your account with kasa, open:",
            LINK,
            ONCE_A_DAY,
            NOT_YOU,
        ),
        page="/me/email",
    ),
    MailKind.EMAIL_CHANGED: _notice(
        "Your address is being changed",
        "The address of your account with kasa is being changed.",
        "New address: {email}",
    ),
    MailKind.NEW_DEVICE: _notice(
        "A new sign-in to your account",
        "Your account was signed in to from a browser that it did not know.",
        DEVICE,
        PLACE,
    ),
    MailKind.PASSWORD_CHANGED: _notice(
        "Your password was changed",
        "The password of your account with kasa was changed. Everybody else was signed out.",
    ),
    MailKind.FACTOR_CHANGED: _notice(
        "Your second factor was changed",
        "The second factor of your account with kasa was added, replaced by a code, or removed.",
        "A recovery code was used; {left} are left.",
    ),
    MailKind.REFRESH_REUSED: _notice(
        "A sign-in of yours was ended",
        "Something that was used before was used again to stay signed in to your account.",
        "Somebody may have copied it, so this sign-in was ended; your others live on.",
        DEVICE,
    ),
    MailKind.SESSION_ENDED: _notice(
        "Your oldest sign-in was ended",
        "You are signed in at very many places, so the oldest sign-in was ended.",
        DEVICE,
    ),
    MailKind.METHOD_CHANGED: _notice(
        "Another way to sign in",
        "A way to sign in was added to your account with kasa, or removed from it.",
    ),
    MailKind.ROLE_CHANGED: MailWords(
        subject="Your role was changed",
        says=("What you may do in {shop} was changed.", WHEN),
    ),
    MailKind.API_KEY: _notice(
        "An API key of {shop}",
        "An API key of your shop, {name}, was made, or is about to end.",
        "Whoever has an API key acts for the shop.",
    ),
    MailKind.RECEIVING_ACCOUNT: _notice(
        "A receiving account of {shop} was changed",
        "An account that receives the money of your customers was added or changed: look at it.",
    ),
    MailKind.OPERATOR_ALERT: MailWords(
        subject="kasa needs you",
        says=("This installation of kasa reports: {what}", WHEN, "See `kasa doctor`."),
    ),
}


def mail_message(
    wording: Wording, kind: MailKind, language: Language, values: Mapping[str, str], *, base: str
) -> Message:
    """Return a mail in words; ``base`` is the public address that its link begins with."""
    words = MAILS[kind]
    known = {"shop": NAMELESS, **{key: _harmless(key, value) for key, value in values.items()}}
    if words.page and "token" in values:
        known["link"] = f"{base}{words.page}?token={values['token']}"
    said = (one for one in words.says if placeholders(one) <= known.keys())
    text = "\n\n".join(
        known["link"] if one == LINK else wording.sentence(one, language, known) for one in said
    )
    return Message(
        subject=wording.sentence(words.subject, language, known),
        text=f"{text}\n\n--\nkasa · {base}\n",
        language=language.value,
    )


def spoken() -> set[str]:
    """Return every sentence of every mail, for the catalogue."""
    said = {one for words in MAILS.values() for one in (words.subject, *words.says)}
    return said - {LINK}


def _harmless(key: str, value: str) -> str:
    """Return what a stranger may have chosen, short and without anything that becomes a link."""
    if key not in STRANGERS:
        return value
    return _LINKING.sub(" ", " ".join(value.split()))[:STRANGERS_LIMIT]
