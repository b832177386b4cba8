"""The long lists: opportunities and prospects; searched, filtered, paged."""

from django.db.models import Count, Q, QuerySet

from nachhaken.desk import labels
from nachhaken.desk.access import allow
from nachhaken.desk.folding import fold, plain
from nachhaken.desk.models import Opportunity, Plan, Prospect, User
from nachhaken.desk.pages import ListPage, ProspectList
from nachhaken.desk.queries.ended import comebacks
from nachhaken.desk.queries.paging import Page
from nachhaken.desk.rows import OpportunityRow, ProspectRow
from nachhaken.desk.speech import decode_phrase, speak
from nachhaken.desk.stories import VOID
from nachhaken.terms import OutcomeKind, Truth

ENDED_OR_OPEN = ["", *OutcomeKind]
STATES: dict[str, list[str]] = {
    "open": [""],
    "won": [OutcomeKind.WON],
    "lost": [kind for kind in OutcomeKind if kind is not OutcomeKind.WON],
}


def opportunity_list(
    user: User, *, search: str = "", state: str = "open", page: int = 1
) -> ListPage:
    """Return opportunities, the newest offer first; `state` is open, won, lost or all."""
    allow(user)
    rows = Plan.objects.filter(outcome__in=STATES.get(state, ENDED_OR_OPEN))
    rows = rows.filter(matching(search, "opportunity__search"))
    total = rows.count()
    at = Page.of(total, page)
    rows = rows.select_related("opportunity__prospect").order_by(*_NEWEST)
    found = list(rows[at.start : at.end])
    ended = [plan.opportunity_id for plan in found if plan.opportunity.outcome]
    back = comebacks(ended) if ended else {}
    return ListPage(
        rows=tuple(opportunity_row(plan, back.get(plan.opportunity_id, "")) for plan in found),
        total=total,
        page=at.number,
        pages=at.pages,
        search=search,
        state=state if state in STATES else "all",
    )


def prospect_list(user: User, *, search: str = "", page: int = 1) -> ProspectList:
    """Return prospects by name."""
    allow(user)
    rows = Prospect.objects.here().filter(matching(search, "search"), merged_into=None)
    total = rows.count()
    at = Page.of(total, page)
    found = list(rows.order_by("folded", "pk")[at.start : at.end])
    counts = _counts(found)
    return ProspectList(
        rows=tuple(_prospect_row(row, counts[row.pk]) for row in found),
        total=total,
        page=at.number,
        pages=at.pages,
        search=search,
    )


_NEWEST = ("-since", "-opportunity_id")


def matching(search: str, column: str) -> Q:
    """Return the condition that each word of `search` occurs in `column`, in any spelling."""
    condition = Q()
    for word in search.split()[:8]:
        either = Q(**{f"{column}__contains": fold(word)})
        if plain(word) != fold(word):
            either |= Q(**{f"{column}__contains": plain(word)})
        condition &= either
    return condition


def opportunity_row(plan: Plan, comeback: str = "") -> OpportunityRow:
    """Return the line of one opportunity, with what it waits for; its prospect is loaded."""
    row = plan.opportunity
    return OpportunityRow(
        id=row.pk,
        prospect=row.prospect.name,
        title=row.title,
        amount_cents=plan.amount_cents,
        currency=plan.currency,
        offer_sent_on=plan.offer_sent_on,
        status=status_of(row) if plan.truth or row.outcome else labels.text("opted_out"),
        is_open=row.outcome == "",
        step=speak(decode_phrase(plan.title)) if plan.due else "",
        due=plan.due,
        truth=Truth(plan.truth) if plan.truth else None,
        probability=plan.genuine + plan.stalled,
        last_contact_on=plan.last_contact_on,
        comeback=comeback,
    )


def status_of(row: Opportunity) -> str:
    """Return the state in words; an open matter of somebody who opted out says so."""
    if row.outcome == "" and row.prospect.opted_out_at:
        return labels.text("opted_out")
    return labels.status(row.outcome)


def _counts(rows: list[Prospect]) -> dict[int, tuple[int, int, int, int]]:
    """Return people, and opportunities in all, ordered and open, by prospect."""
    people: QuerySet[Prospect, tuple[int, int]] = (
        Prospect.objects.filter(pk__in=[row.pk for row in rows])
        .annotate(n=Count("people", filter=Q(people__merged_into=None)))
        .values_list("pk", "n")
    )
    states = (
        Opportunity.objects.filter(prospect__in=rows)
        .exclude(outcome=VOID)
        .values_list("prospect_id", "outcome")
        .annotate(n=Count("pk"))
    )
    found = {pk: [n, 0, 0, 0] for pk, n in people}
    for prospect_id, outcome, n in states:
        counts = found[prospect_id]
        counts[1] += n
        counts[2] += n if outcome == OutcomeKind.WON else 0
        counts[3] += 0 if outcome else n
    return {pk: (c[0], c[1], c[2], c[3]) for pk, c in found.items()}


def _prospect_row(row: Prospect, counts: tuple[int, int, int, int]) -> ProspectRow:
    people, offers, orders, open_ = counts
    return ProspectRow(
        id=row.pk,
        name=row.name,
        place=row.place,
        people=people,
        offers=offers,
        orders=orders,
        open=open_,
        opted_out=row.opted_out_at is not None,
    )
