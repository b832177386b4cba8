"""The rows of the desk."""

from nachhaken.desk.models.appointments import (
    MORNING,
    REVIEW,
    CalendarAccount,
    CalendarFeed,
    CalendarItem,
    CalendarRead,
    Digest,
    DigestFault,
    DigestState,
)
from nachhaken.desk.models.derived import Lesson, Plan, ReadingCache
from nachhaken.desk.models.experience import Experience
from nachhaken.desk.models.intake import ColumnProfile, Filled, ImportRun, SetAside, UnmatchedMail
from nachhaken.desk.models.limits import Blocked, Timer
from nachhaken.desk.models.mirror import Figures, FiguresCell, Partner, Simulated
from nachhaken.desk.models.offers import Document, OfferDraft
from nachhaken.desk.models.parties import Apart, Merger, Person, Prospect, User
from nachhaken.desk.models.post import MailAccount, MailFolder, Outgoing, Security
from nachhaken.desk.models.preference import Preference
from nachhaken.desk.models.reader import ReadingLayer
from nachhaken.desk.models.script import OwnScript
from nachhaken.desk.models.story import AdviceGiven, Event, Opportunity
from nachhaken.desk.models.writing import Writing

__all__ = [
    "MORNING",
    "REVIEW",
    "AdviceGiven",
    "Apart",
    "Blocked",
    "CalendarAccount",
    "CalendarFeed",
    "CalendarItem",
    "CalendarRead",
    "ColumnProfile",
    "Digest",
    "DigestFault",
    "DigestState",
    "Document",
    "Event",
    "Experience",
    "Figures",
    "FiguresCell",
    "Filled",
    "ImportRun",
    "Lesson",
    "MailAccount",
    "MailFolder",
    "Merger",
    "OfferDraft",
    "Opportunity",
    "Outgoing",
    "OwnScript",
    "Partner",
    "Person",
    "Plan",
    "Preference",
    "Prospect",
    "ReadingCache",
    "ReadingLayer",
    "Security",
    "SetAside",
    "Simulated",
    "Timer",
    "UnmatchedMail",
    "User",
    "Writing",
]
