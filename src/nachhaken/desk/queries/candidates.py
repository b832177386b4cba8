"""To which open matters the mails that wait may belong, and why."""

from collections import defaultdict
from collections.abc import Sequence

from nachhaken.desk.directory import directory_of
from nachhaken.desk.match_words import why
from nachhaken.desk.models import MailAccount, Opportunity, UnmatchedMail, User
from nachhaken.desk.preferences import own_addresses
from nachhaken.desk.rows import CandidateRow
from nachhaken.desk.stories import VOID
from nachhaken.sources.mail import Address, MailMessage
from nachhaken.sources.match import Candidate, Match, match

MOST = 5
_EACH = 3  # matters of one house


def candidates_of(mails: Sequence[UnmatchedMail]) -> dict[int, tuple[CandidateRow, ...]]:
    """Return for each mail the matters to choose from, the likeliest first."""
    said = {mail.pk: _as_mail(mail) for mail in mails}
    if not said:
        return {}
    directory = directory_of(
        {one.sender.mail for one in said.values()},
        own=_own(),
        threads={},
        mails=tuple(said.values()),
    )
    found = {pk: match(mail, directory) for pk, mail in said.items()}
    matters = _matters([one for place in found.values() for one in place.candidates])
    return {pk: _rows(place, matters) for pk, place in found.items()}


def _as_mail(mail: UnmatchedMail) -> MailMessage:
    text = f"{mail.text}\n\n{mail.phones}"
    return MailMessage(
        message_id=mail.message_id or mail.source_key,
        sent_at=mail.at,
        sender=Address(mail.sender_name, mail.sender.casefold()),
        recipients=(),
        subject=mail.subject,
        in_reply_to="",
        references=(),
        new_text=mail.text,
        full_text=text,
        automatic=mail.automatic,
        attachments=(),
    )


def _own() -> frozenset[str]:
    accounts = MailAccount.objects.values_list("address", flat=True)
    named = [*accounts, *User.objects.values_list("email", flat=True)]
    return own_addresses() | {mail.casefold() for mail in named if mail}


def _matters(candidates: Sequence[Candidate]) -> dict[int, list[Opportunity]]:
    """Return the matters of each house, the open ones and the newest first."""
    houses = {one.prospect_id for one in candidates if one.prospect_id}
    found: dict[int, list[Opportunity]] = defaultdict(list)
    rows = Opportunity.objects.filter(prospect__in=houses).exclude(outcome=VOID)
    for row in rows.select_related("prospect").order_by("-pk"):
        found[row.prospect_id].append(row)
    return {pk: sorted(rows, key=lambda row: row.outcome != "") for pk, rows in found.items()}


def _rows(place: Match, matters: dict[int, list[Opportunity]]) -> tuple[CandidateRow, ...]:
    found = [row for one in place.candidates for row in _of(one, matters)]
    if place.opportunity_id:
        # By now the desk knows enough to tell by itself; the tap is still a person's.
        known = Opportunity.objects.select_related("prospect").get(pk=place.opportunity_id)
        found = [_row(known, "")]
    return tuple(found[:MOST])


def _of(one: Candidate, matters: dict[int, list[Opportunity]]) -> list[CandidateRow]:
    rows = matters.get(one.prospect_id or 0, [])
    if one.opportunity_id:
        rows = [row for row in rows if row.pk == one.opportunity_id]
    is_open = [row for row in rows if not row.outcome] or rows[:1]
    return [_row(row, why(one.grounds)) for row in is_open[:_EACH]]


def _row(row: Opportunity, grounds: str) -> CandidateRow:
    return CandidateRow(id=row.pk, label=f"{row.prospect.name} · {row.title}", why=grounds)
