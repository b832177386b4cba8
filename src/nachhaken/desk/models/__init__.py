"""The rows of the desk."""

from nachhaken.desk.models.derived import Lesson, Plan, ReadingCache
from nachhaken.desk.models.experience import Experience
from nachhaken.desk.models.intake import ImportRun, SetAside, UnmatchedMail, Upload
from nachhaken.desk.models.parties import Person, Prospect, User
from nachhaken.desk.models.preference import Preference
from nachhaken.desk.models.reader import ReadingLayer
from nachhaken.desk.models.script import OwnScript
from nachhaken.desk.models.story import AdviceGiven, Event, Opportunity

__all__ = [
    "AdviceGiven",
    "Event",
    "Experience",
    "ImportRun",
    "Lesson",
    "Opportunity",
    "OwnScript",
    "Person",
    "Plan",
    "Preference",
    "Prospect",
    "ReadingCache",
    "ReadingLayer",
    "SetAside",
    "UnmatchedMail",
    "Upload",
    "User",
]
