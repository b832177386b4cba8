"""Every list and page: one function per screen, with a constant number of database queries."""

from nachhaken.desk.queries.alarms import alarms, calendar_problem
from nachhaken.desk.queries.calendar import calendar_items, feed_of, step_items
from nachhaken.desk.queries.calendars import calendars_page, calendars_read
from nachhaken.desk.queries.call_sheet import call_sheet
from nachhaken.desk.queries.call_sheets import SheetRow, call_sheets
from nachhaken.desk.queries.consents import consent_records
from nachhaken.desk.queries.corrections import Correction, corrections, corrections_page
from nachhaken.desk.queries.counts import courage_of, experience_page, ranks
from nachhaken.desk.queries.documents import document
from nachhaken.desk.queries.dream import dream_match, dream_match_named, dream_page
from nachhaken.desk.queries.effort import Clock, clock, effort
from nachhaken.desk.queries.fits import job_page, rating_page, was_first_talk
from nachhaken.desk.queries.handing_over import answers_to, asked_of, hand_over_page
from nachhaken.desk.queries.headings import Heading, heading, newest, noted
from nachhaken.desk.queries.imports import import_list, import_page, left_rows, reversal
from nachhaken.desk.queries.inbox import Badges, badges, inbox
from nachhaken.desk.queries.insight import cases, insight, insight_people
from nachhaken.desk.queries.lab import own_numbers, what_if_numbers, with_numbers
from nachhaken.desk.queries.later import later_page
from nachhaken.desk.queries.learning import learning, taught
from nachhaken.desk.queries.limits import blocked, law, raised_limits
from nachhaken.desk.queries.lists import opportunity_list, prospect_list
from nachhaken.desk.queries.mail import mail_page
from nachhaken.desk.queries.mailboxes import health_of, healths
from nachhaken.desk.queries.matters import matters_csv
from nachhaken.desk.queries.offers import offer, offer_draft, offer_list, offer_writing
from nachhaken.desk.queries.opportunity import opportunity
from nachhaken.desk.queries.partners import partner, partners, partners_for
from nachhaken.desk.queries.permissions import allowance
from nachhaken.desk.queries.playbook import playbook, script_text, usual_voice
from nachhaken.desk.queries.post import mail_account, outgoing, post
from nachhaken.desk.queries.prospect import prospect
from nachhaken.desk.queries.refusal import refusal
from nachhaken.desk.queries.review import review
from nachhaken.desk.queries.today import today
from nachhaken.desk.queries.twins import known_like, twin, twins
from nachhaken.desk.queries.ways import compared_ways
from nachhaken.desk.queries.what_if import Changes, what_if

__all__ = [
    "Badges",
    "Changes",
    "Clock",
    "Correction",
    "Heading",
    "SheetRow",
    "alarms",
    "allowance",
    "answers_to",
    "asked_of",
    "badges",
    "blocked",
    "calendar_items",
    "calendar_problem",
    "calendars_page",
    "calendars_read",
    "call_sheet",
    "call_sheets",
    "cases",
    "clock",
    "compared_ways",
    "consent_records",
    "corrections",
    "corrections_page",
    "courage_of",
    "document",
    "dream_match",
    "dream_match_named",
    "dream_page",
    "effort",
    "experience_page",
    "feed_of",
    "hand_over_page",
    "heading",
    "health_of",
    "healths",
    "import_list",
    "import_page",
    "inbox",
    "insight",
    "insight_people",
    "job_page",
    "known_like",
    "later_page",
    "law",
    "learning",
    "left_rows",
    "mail_account",
    "mail_page",
    "matters_csv",
    "newest",
    "noted",
    "offer",
    "offer_draft",
    "offer_list",
    "offer_writing",
    "opportunity",
    "opportunity_list",
    "outgoing",
    "own_numbers",
    "partner",
    "partners",
    "partners_for",
    "playbook",
    "post",
    "prospect",
    "prospect_list",
    "raised_limits",
    "ranks",
    "rating_page",
    "refusal",
    "reversal",
    "review",
    "script_text",
    "step_items",
    "taught",
    "today",
    "twin",
    "twins",
    "usual_voice",
    "was_first_talk",
    "what_if",
    "what_if_numbers",
    "with_numbers",
]
