"""A transcript of a talk: what the customer said, and who spoke how much.

The desk never records. It takes a transcript only with a note of who agreed to it, when and how
(§ 201 StGB), and keeps the customer's words alone: ours are counted and forgotten.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from nachhaken.desk.commands.ledger import Change, InvalidError, act_of
from nachhaken.desk.commands.outcomes import Outcome, Reached, keep
from nachhaken.desk.folding import fold
from nachhaken.desk.models import User
from nachhaken.desk.preferences import company
from nachhaken.desk.speech import local_date
from nachhaken.sources.transcript import Transcript
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import TalkShare, Transcribed

LONGEST_WORDS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Who agreed to the recording or the writing along, on which day, and how they said so."""

    by: str
    on: date
    how: str


class NoConsentError(InvalidError):
    """Nobody noted that the other side agreed; the message says what is missing."""


def record_transcript(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    transcript: Transcript,
    ours: Collection[str],
    agreement: Agreement,
    at: datetime,
    channel: Channel = Channel.CALL,
) -> Change:
    """Note the talk at `at`, the customer's own words as what they said, and the shares.

    `ours` are the names of those who spoke for us; the others are the customer's side. Raises
    NoConsentError without an agreement, and InvalidError where one side did not speak.
    """
    act = act_of(actor, now, key)
    if not (agreement.by.strip() and agreement.how.strip()):
        raise NoConsentError(_("Bitte notieren Sie, wer wann und wie einverstanden war."))
    if agreement.on > local_date(at):
        raise NoConsentError(_("Das Einverständnis muss vor dem Gespräch gegeben sein."))
    if at > now or channel not in {Channel.CALL, Channel.MEETING}:
        raise InvalidError(_("Das Gespräch muss schon stattgefunden haben."))
    everybody = {speaker.name for speaker in transcript.speakers}
    we = everybody & set(ours)
    if not we or we == everybody:
        raise InvalidError(_("Bitte sagen Sie, wer für Sie sprach und wer für den Kunden."))
    outcome = Outcome(
        step=StepKind.CALL,
        channel=channel,
        reached=Reached.REACHED,
        text=transcript.words_of(everybody - we)[:LONGEST_WORDS],
        own_share=transcript.share(we),
        also=(_note(transcript, we, agreement),),
    )
    return keep(act, opportunity_id, outcome, at=at)


def guessed_ours(transcript: Transcript, *, user: User) -> frozenset[str]:
    """Return who probably spoke for us: the user and colleagues by name, or the own business."""
    people = [str(row) for row in User.objects.filter(is_active=True)]
    known = {word for name in [str(user), *people] for word in fold(name).split()}
    known |= {"ich", "wir", *fold(company()).split()} - {""}
    names = {speaker.name for speaker in transcript.speakers}
    found = {name for name in names if known & set(fold(name).split())}
    return frozenset() if found == names else frozenset(found)


def _note(transcript: Transcript, ours: Collection[str], agreement: Agreement) -> Transcribed:
    return Transcribed(
        agreed_by=" ".join(agreement.by.split())[:200],
        agreed_on=agreement.on,
        agreed_how=" ".join(agreement.how.split())[:300],
        is_timed=transcript.is_timed,
        shares=tuple(
            TalkShare(name=one.name, percent=min(one.percent, 100), is_ours=one.name in ours)
            for one in transcript.speakers
        ),
    )
