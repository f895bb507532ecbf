"""The rows of the sheets that a person takes away: what each says, in the words of their schemas."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel


class RelationshipRow(BaseModel):
    """A relationship that you are or were in, or that was proposed to you."""

    id: UUID
    your_part: str
    stage: str
    since: datetime
    kind: str
    mode: str
    cadence: str
    agreement_accepted: int | None
    ended_for: str | None


class SessionRow(BaseModel):
    """A session of a relationship of yours."""

    relationship: UUID
    id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    status: str
    is_disputed: bool
    is_confirmed: bool


class HourRow(BaseModel):
    """A session that was held with you there: for its day and length the service vouches."""

    session: UUID
    starts_at: datetime
    time_zone: str
    minutes: int
    mode: str


class PlaceRow(BaseModel):
    """A place of yours, with its sessions."""

    id: UUID
    relationship: UUID | None
    granted: int
    reserved: int
    used: int


class LookRow(BaseModel):
    """Somebody looked at something about you, or the service used it."""

    at: datetime
    action: str
    who: UUID
    role: str
    kind: str
    purpose: str
    authority: str
    outcome: str
    relationship: UUID | None


class MessageRow(BaseModel):
    """A message to you: of what kind, and what became of it. Its words are in your mail."""

    kind: str
    made_at: datetime
    ended_at: datetime | None
    outcome: str | None


class SignInRow(BaseModel):
    """A browser in which you are signed in."""

    role: str
    device: str
    began_at: datetime
    seen_at: datetime
    by_passkey: bool


class AccountRow(BaseModel):
    """Something that was recorded of you as a person of the scheme."""

    at: datetime
    what: str
    by_you: bool
    detail: str | None


class MatterRow(BaseModel):
    """A concern that you raised, something that you asked about your record, or something that had to be told and you know of."""

    id: UUID
    what: str
    kind: str
    stage: str
    begun_at: datetime | None
    due_on: date | None


class SlipRow(BaseModel):
    """You took a slip for feedback. What you answered with it leads back to nobody, so it is in no answer."""

    relationship: UUID
    was_taken: bool
