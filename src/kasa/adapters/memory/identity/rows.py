"""The tables of people: those of the platform, and those that each shop has of its own."""

from datetime import datetime

from kasa.adapters.memory.tables import Table
from kasa.application.ports.work import LockRank
from kasa.domain.identity.invitation import Invitation
from kasa.domain.identity.lockout import LoginAttempts
from kasa.domain.identity.mail import Mail
from kasa.domain.identity.one_time_link import OneTimeLink
from kasa.domain.identity.security import SecurityEvent
from kasa.domain.identity.service import ApiKey, ServiceClient
from kasa.domain.identity.session import RefreshToken, Session
from kasa.domain.identity.user import LinkedIdentity, Membership, User
from kasa.domain.kernel.ids import (
    ClientId,
    IdentityId,
    InvitationId,
    LinkId,
    MailId,
    MembershipId,
    SecurityEventId,
    SessionId,
    UserId,
)

USERS = Table[UserId, User]("users")
IDENTITIES = Table[IdentityId, LinkedIdentity]("identities")
SESSIONS = Table[SessionId, Session]("sessions")
REFRESH_TOKENS = Table[bytes, RefreshToken]("refresh_tokens")
KNOWN_BROWSERS = Table[tuple[UserId, bytes], datetime]("known_browsers")
LINKS = Table[LinkId, OneTimeLink]("links")
ATTEMPTS = Table[bytes, LoginAttempts]("attempts")
MAILS = Table[MailId, Mail]("mails")
SECURITY_EVENTS = Table[SecurityEventId, SecurityEvent]("security_events")

MEMBERSHIPS = Table[MembershipId, Membership]("memberships", LockRank.DOCUMENTS)
INVITATIONS = Table[InvitationId, Invitation]("invitations", LockRank.DOCUMENTS)
API_KEYS = Table[ClientId, ApiKey]("api_keys", LockRank.DOCUMENTS)
SERVICE_CLIENTS = Table[ClientId, ServiceClient]("service_clients", LockRank.DOCUMENTS)
