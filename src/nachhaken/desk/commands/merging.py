"""Two that are one: merging prospects and people, saying that they are two, and taking it back.

Who is gone stays as an alias: the old name and address lead to who is kept. Everything that was
theirs goes over, and finds back when the two are parted again (docs/decisions/0023).
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.aliases import kept_person, kept_prospect
from nachhaken.desk.commands.ledger import Act, InvalidError, NotFoundError, act_of
from nachhaken.desk.commands.moving import (
    PEOPLE,
    PROSPECTS,
    Kind,
    blocks_restored,
    blocks_seen,
    moved_back,
    moved_over,
)
from nachhaken.desk.folding import searchable
from nachhaken.desk.models import Apart, Merger, Person, Prospect, User
from nachhaken.desk.planning import replan_prospects

PROSPECT_FIELDS = ("name", "place", "address", "region", "is_consumer")
PERSON_FIELDS = ("name", "role", "mail", "phone", "tone", "salutation")
GONE = "gone"


def merge_prospects(
    *,
    actor: User,
    now: datetime,
    key: str,
    kept_id: int,
    gone_id: int,
    taken: Mapping[str, str] | None = None,
) -> Merger:
    """Let `gone` live on in `kept`, with people, opportunities, offers and objections.

    `taken` says of which side a field is (`GONE` or, by default, the kept one's); what only one of
    them knows is kept anyway. An objection of either holds for both from now on.
    """
    act = act_of(actor, now, key)
    with transaction.atomic():
        if done := _done(act):
            return done
        kept, gone = _two_prospects(kept_id, gone_id)
        seen = blocks_seen([kept, gone])
        moved = moved_over(PROSPECTS, kept.pk, gone.pk)
        moved["fields"] = _fields_taken(kept, gone, PROSPECT_FIELDS, taken or {})
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        _refold(kept)
        replan_prospects([kept.pk, gone.pk], now=now)
        moved["blocks"] = blocks_seen([kept, gone], since=seen)
        return _merger(act, Merger.Table.PROSPECT, kept=kept.pk, gone=gone.pk, moved=moved)


def merge_people(
    *,
    actor: User,
    now: datetime,
    key: str,
    kept_id: int,
    gone_id: int,
    taken: Mapping[str, str] | None = None,
) -> Merger:
    """Let one person of a prospect live on as another; mail to either address is theirs."""
    act = act_of(actor, now, key)
    with transaction.atomic():
        if done := _done(act):
            return done
        kept, gone = _two_people(kept_id, gone_id)
        house = kept.prospect
        seen = blocks_seen([house])
        moved = moved_over(PEOPLE, kept.pk, gone.pk)
        moved["fields"] = _fields_taken(kept, gone, PERSON_FIELDS, taken or {})
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        replan_prospects([house.pk], now=now)
        moved["blocks"] = blocks_seen([house], since=seen)
        return _merger(act, Merger.Table.PERSON, kept=kept.pk, gone=gone.pk, moved=moved)


def part(*, actor: User, now: datetime, merger_id: int) -> Merger:
    """Undo a merger, now or a year later: each has again what was theirs. Twice changes nothing.

    What was noted since stays with who was kept, unless it is about a matter or a person that goes
    back; an objection heard since holds for both, as nobody can say whose it was.
    """
    allow(actor)
    with transaction.atomic():
        merger = Merger.objects.select_for_update().filter(pk=merger_id).first()
        if merger is None:
            raise NotFoundError(f"merger {merger_id}")
        if merger.undone_at is None:
            for later in _resting_on(merger):
                part(actor=actor, now=now, merger_id=later.pk)
            merger.refresh_from_db()
            _part(merger, actor=actor, now=now)
    return merger


def keep_apart(*, actor: User, now: datetime, table: str, one: int, other: int) -> Apart:
    """Note that two are not the same, so that nobody is asked again."""
    allow(actor)
    kind = _kind(table)
    first, second = sorted((one, other))
    if first == second or kind.model.objects.filter(pk__in=[first, second]).count() < 2:  # noqa: PLR2004
        raise NotFoundError(f"{table} {first}, {second}")
    row, _is_new = Apart.objects.get_or_create(
        table=table, first=first, second=second, defaults={"at": now, "actor": actor}
    )
    return row


def ask_again(*, actor: User, apart_id: int) -> None:
    """Take back that two are not the same. Twice changes nothing."""
    allow(actor)
    Apart.objects.filter(pk=apart_id).delete()


def _kind(table: str) -> Kind:
    kinds = {Merger.Table.PROSPECT: PROSPECTS, Merger.Table.PERSON: PEOPLE}
    if table not in kinds:
        raise InvalidError("table")
    return kinds[Merger.Table(table)]


def _done(act: Act) -> Merger | None:
    return Merger.objects.filter(source_key=act.source).first()


def _merger(act: Act, table: Merger.Table, *, kept: int, gone: int, moved: object) -> Merger:
    return Merger.objects.create(
        table=table,
        kept=kept,
        gone=gone,
        moved=moved,
        at=act.now,
        actor=act.actor,
        source_key=act.source,
    )


def _two_prospects(kept_id: int, gone_id: int) -> tuple[Prospect, Prospect]:
    """Return both, held in the order of their numbers; who is gone already stands for the kept."""
    rows = {
        row.pk: kept_prospect(row) for row in Prospect.objects.filter(pk__in=[kept_id, gone_id])
    }
    if len(rows) < len({kept_id, gone_id}):
        raise NotFoundError(f"prospects {kept_id}, {gone_id}")
    kept, gone = rows[kept_id].pk, rows[gone_id].pk
    held = Prospect.objects.select_for_update().filter(pk__in=[kept, gone]).order_by("pk")
    found = {row.pk: row for row in held}
    if kept == gone:
        raise InvalidError(_("Das ist schon ein und derselbe Kunde."))
    return found[kept], found[gone]


def _two_people(kept_id: int, gone_id: int) -> tuple[Person, Person]:
    found = Person.objects.select_related("prospect").filter(pk__in=[kept_id, gone_id])
    rows = {row.pk: kept_person(row) for row in found}
    if len(rows) < len({kept_id, gone_id}):
        raise NotFoundError(f"people {kept_id}, {gone_id}")
    kept, gone = rows[kept_id], rows[gone_id]
    if kept.pk == gone.pk:
        raise InvalidError(_("Das ist schon ein und derselbe Mensch."))
    if kept.prospect_id != gone.prospect_id:
        raise InvalidError(
            _("Die beiden gehören zu verschiedenen Kunden. Bitte führen Sie zuerst diese zusammen.")
        )
    list(Prospect.objects.select_for_update().filter(pk=kept.prospect_id))
    return kept, gone


def _fields_taken(
    kept: Prospect | Person,
    gone: Prospect | Person,
    names: tuple[str, ...],
    taken: Mapping[str, str],
) -> dict[str, list[object]]:
    """Write the chosen fields to who is kept; return before and after of what changed."""
    changed: dict[str, list[object]] = {}
    for name in names:
        ours, theirs = getattr(kept, name), getattr(gone, name)
        is_theirs = (taken.get(name) == GONE or not ours) and theirs not in ("", None)
        if name == "is_consumer":
            is_theirs = taken.get(name) == GONE
        if is_theirs and ours != theirs:
            changed[name] = [ours, theirs]
    if "mail" in changed:
        # One address belongs to one person: they change places, and both lead to who is kept.
        Person.objects.filter(pk=gone.pk).update(mail="")
    for name, (_before, after) in changed.items():
        setattr(kept, name, after)
    kept.save(update_fields=list(changed))
    if "mail" in changed and isinstance(gone, Person):
        gone.mail = str(changed["mail"][0])
        gone.save(update_fields=["mail"])
    return changed


def _refold(row: Prospect) -> None:
    """A search for the name of a gone twin finds who is kept, too."""
    row.refold()
    names = _names_within(row)
    if names:
        row.search = "\n".join([row.search, *(searchable(name) for name in names)])
    row.save(update_fields=["folded", "search"])


def _names_within(row: Prospect) -> list[str]:
    found = list(row.twins.order_by("pk"))
    return [name for twin in found for name in (twin.name, *_names_within(twin))]


def _resting_on(merger: Merger) -> list[Merger]:
    """Return later mergers of people of whom one would go and the other stay, the newest first."""
    if merger.table != Merger.Table.PROSPECT:
        return []
    going = set(merger.moved["people"])
    later = Merger.objects.filter(
        table=Merger.Table.PERSON, pk__gt=merger.pk, undone_at=None
    ).order_by("-pk")
    return [one for one in later if (one.kept in going) != (one.gone in going)]


def _part(merger: Merger, *, actor: User, now: datetime) -> None:
    kind = _kind(merger.table)
    row = kind.model.objects.get(pk=merger.gone)
    root = kept_prospect(row) if isinstance(row, Prospect) else kept_person(row)
    houses = _houses(root, row)
    blocks_restored(merger.moved["blocks"])
    moved_back(kind, merger, root.pk, actor=actor, now=now)
    _fields_back(kind, merger)
    kind.model.objects.filter(pk=merger.gone).update(merged_into=None)
    merger.undone_at, merger.undone_by = now, actor
    merger.save(update_fields=["undone_at", "undone_by"])
    if kind is PROSPECTS:
        for one in Prospect.objects.filter(pk__in={root.pk, merger.kept, merger.gone}):
            _refold(one)
    replan_prospects(houses, now=now)


def _houses(root: Prospect | Person, row: Prospect | Person) -> set[int]:
    if isinstance(root, Prospect):
        return {root.pk, row.pk}
    assert isinstance(row, Person)  # noqa: S101 - of one table
    return {root.prospect_id, row.prospect_id}


def _fields_back(kind: Kind, merger: Merger) -> None:
    """Give back what the merger wrote, unless somebody has written something else since.

    Where a later merger wrote over it, that one has to give back what stood before this one.
    """
    row = kind.model.objects.get(pk=merger.kept)
    later = list(
        Merger.objects.filter(
            table=merger.table, kept=merger.kept, pk__gt=merger.pk, undone_at=None
        ).order_by("pk")
    )
    back: dict[str, object] = {}
    for name, (before, after) in merger.moved["fields"].items():
        over = next((one for one in later if name in one.moved["fields"]), None)
        if over is not None:
            over.moved["fields"][name][0] = before
            over.save(update_fields=["moved"])
            if name == "mail":
                _change_mails(merger.gone, over.gone)
        elif getattr(row, name) == after:
            back[name] = before
    if "mail" in merger.moved["fields"]:
        _mails_back(merger, back)
    if back:
        kind.model.objects.filter(pk=row.pk).update(**back)


def _change_mails(one: int, other: int) -> None:
    a, b = Person.objects.get(pk=one), Person.objects.get(pk=other)
    Person.objects.filter(pk=one).update(mail="")
    Person.objects.filter(pk=other).update(mail=a.mail)
    Person.objects.filter(pk=one).update(mail=b.mail)


def _mails_back(merger: Merger, back: dict[str, object]) -> None:
    """The addresses change places again; whoever got another one meanwhile keeps that."""
    ours, theirs = merger.moved["fields"]["mail"]
    gone = Person.objects.get(pk=merger.gone)
    if "mail" in back and gone.mail == ours:
        Person.objects.filter(pk=merger.kept).update(mail="")
        Person.objects.filter(pk=merger.gone).update(mail=theirs)
    else:
        back.pop("mail", None)
