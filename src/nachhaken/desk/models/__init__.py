"""The rows of the desk."""

from nachhaken.desk.models.appointments import (
    CalendarAccount,
    CalendarFeed,
    CalendarItem,
    Digest,
    DigestFault,
    DigestState,
)
from nachhaken.desk.models.derived import Lesson, Plan, ReadingCache
from nachhaken.desk.models.experience import Experience
from nachhaken.desk.models.intake import ImportRun, SetAside, UnmatchedMail, Upload
from nachhaken.desk.models.limits import Blocked, Timer
from nachhaken.desk.models.offers import Document, OfferDraft
from nachhaken.desk.models.parties import Person, Prospect, User
from nachhaken.desk.models.post import MailAccount, MailFolder, Outgoing, Security
from nachhaken.desk.models.preference import Preference
from nachhaken.desk.models.reader import ReadingLayer
from nachhaken.desk.models.script import OwnScript
from nachhaken.desk.models.story import AdviceGiven, Event, Opportunity
from nachhaken.desk.models.writing import Writing

__all__ = [
    "AdviceGiven",
    "Blocked",
    "CalendarAccount",
    "CalendarFeed",
    "CalendarItem",
    "Digest",
    "DigestFault",
    "DigestState",
    "Document",
    "Event",
    "Experience",
    "ImportRun",
    "Lesson",
    "MailAccount",
    "MailFolder",
    "OfferDraft",
    "Opportunity",
    "Outgoing",
    "OwnScript",
    "Person",
    "Plan",
    "Preference",
    "Prospect",
    "ReadingCache",
    "ReadingLayer",
    "Security",
    "SetAside",
    "Timer",
    "UnmatchedMail",
    "Upload",
    "User",
    "Writing",
]
