"""Own limits, the law as it is read, and how many are blocked since when."""

from django.db.models import Count, Min
from django.utils import timezone

from nachhaken.desk.access import allow
from nachhaken.desk.commands.limits import LIMITS
from nachhaken.desk.models import Blocked, Preference, User
from nachhaken.desk.pages_limits import BlockedRow, LawPage, LawRow, RaisedRow
from nachhaken.desk.speech import local_date
from nachhaken.plan.law import table
from nachhaken.plan.law.facts import COUNTRIES


def raised_limits(user: User) -> tuple[RaisedRow, ...]:
    """Return which contact limits were raised, by whom, when and why."""
    allow(user)
    rows = Preference.objects.filter(key__in=LIMITS).exclude(reason="").select_related("set_by")
    return tuple(
        RaisedRow(
            key=row.key,
            by=str(row.set_by or ""),
            at=timezone.localtime(row.set_at),
            reason=row.reason,
        )
        for row in rows.order_by("key")
    )


def blocked(user: User) -> tuple[BlockedRow, ...]:
    """Return how many addresses are blocked, by kind, and since when; never which."""
    allow(user)
    rows = Blocked.objects.filter(lifted_at=None).order_by().values_list("kind")
    found = {kind: (n, since) for kind, n, since in rows.annotate(n=Count("pk"), since=Min("at"))}
    return tuple(
        BlockedRow(kind=kind, count=found[kind][0], since=local_date(found[kind][1]))
        for kind in ("mail", "phone", "name")
        if kind in found
    )


def law(user: User, *, country: str = "") -> LawPage:
    """Return the rules of a country as they are read, with source and day of the last check."""
    allow(user)
    chosen = country if country in COUNTRIES else "DE"
    known = table()
    rules = [rule for rule in known.rules if chosen in rule.countries]
    plain = [*known.manners.values(), *known.never]
    return LawPage(
        country=chosen,
        countries=COUNTRIES,
        checked_on=min([one.checked_on for one in rules] + [one.checked_on for one in plain]),
        rows=tuple(
            LawRow(
                name=rule.name(chosen),
                channels=rule.channels,
                customers=tuple(one.value for one in rule.customers),
                purposes=rule.purposes,
                when=rule.when,
                verdict=rule.verdict,
                needs_objection_line=rule.needs_objection_line,
                source=rule.source,
            )
            for rule in rules
        ),
        manners=tuple((str(row.row), row.key, row.source) for row in plain),
    )
