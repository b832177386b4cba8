"""What one's good jobs have in common: ended matters as features, in a few queries."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from nachhaken.desk.fits import KIND, Rated, newest_of
from nachhaken.desk.jobs_done import FINISHED, factor_of
from nachhaken.desk.models import Event, Opportunity, Prospect, User
from nachhaken.desk.preferences import preferences
from nachhaken.desk.records import decode
from nachhaken.desk.stories import VOID
from nachhaken.engine.fit import Level, level_of
from nachhaken.learning.dream import LEAST_GOOD, Case, Match, Profile, matches, profile_of
from nachhaken.learning.insight.figures import band_of
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import JobFinished

NEWEST = 5_000  # matters: older ones say little about how customers are today
QUICK = timedelta(days=3)  # from the offer to the first answer
_POSTCODE = re.compile(r"\b(\d)\d{3,4}\b")
_SHOWN = ("prospect_id", "outcome", "plan__amount_cents", "plan__offer_version")
_ABOUT = ("prospect__is_consumer", "prospect__region", "prospect__address")


def profile(user: User) -> Profile:
    """Return the dream customer of `user`, from the newest matters of his that have ended."""
    return profile_of(cases_of(user))


def cases_of(user: User) -> list[Case]:
    """Return the ended matters of `user`, the newest first, in six queries."""
    ended = Opportunity.objects.filter(owner=user).exclude(outcome__in=("", VOID))
    rows = ended.order_by("-ended_at", "-pk").values("pk", *_SHOWN, *_ABOUT)[:NEWEST]
    ratings, again, quick = _ratings(user), _again(user), _quick(user)
    origins = _origins(Q(opportunity__owner=user, opportunity__outcome__gt=""))
    home = preferences().region
    cases = []
    for row in rows:
        rated = ratings.get(row["prospect_id"])
        features = _of_house(
            is_consumer=row["prospect__is_consumer"],
            region=row["prospect__region"],
            address=row["prospect__address"],
            home=home,
        )
        features |= _of_offer(row["plan__amount_cents"], row["plan__offer_version"])
        features |= _of_rating(rated)
        if row["pk"] in origins:
            features["origin"] = origins[row["pk"]]
        if row["pk"] in quick:
            features["answer"] = "quick" if quick[row["pk"]] else "slow"
        is_good = row["outcome"] == OutcomeKind.WON and _was_good(rated, again=again.get(row["pk"]))
        cases.append(Case(id=row["pk"], features=features, is_good=is_good))
    return cases


def match_of(user: User, prospect_id: int) -> Match | None:
    """Return how well a customer suits `user`; None before enough is known, or of an objector."""
    row = Prospect.objects.filter(pk=prospect_id, opted_out_at=None).first()
    if row is None or not _may_know(user):
        return None
    found = profile(user)
    return matches(found, _features(user, row)) if found.is_known else None


def _may_know(user: User) -> bool:
    """Could there be enough good jobs? Asked first, since all else takes longer."""
    won = Opportunity.objects.filter(owner=user, outcome=OutcomeKind.WON)
    said = Event.objects.filter(Q(kind=FINISHED) | Q(kind=KIND, actor=user))
    counts = won.aggregate(n=Count("pk"))["n"]
    return bool(counts >= LEAST_GOOD and said.exists())


def _features(user: User, row: Prospect) -> dict[str, str]:
    rows = Event.objects.filter(kind=KIND, actor=user, prospect=row).standing()
    rated = newest_of(rows.order_by("occurred_at", "pk")).get((user.pk, row.pk))
    newest = row.opportunities.order_by("-created_at", "-pk")
    offered = newest.values_list("plan__amount_cents", flat=True).first()
    house = _of_house(
        is_consumer=row.is_consumer,
        region=row.region,
        address=row.address,
        home=preferences().region,
    )
    features = house | _of_offer(offered, None) | _of_rating(rated)
    origins = _origins(Q(prospect=row, opportunity__isnull=False))
    return features | ({"origin": origins[max(origins)]} if origins else {})


def _origins(of: Q) -> dict[int, str]:
    """Return how each of these matters began, where it was told."""
    rows = Event.objects.filter(of, kind="opened", payload__has_key="origin").standing()
    told = rows.order_by("pk").values_list("opportunity", "payload")
    return {pk or 0: payload["origin"] for pk, payload in told}


def _of_house(*, is_consumer: bool, region: str, address: str, home: str) -> dict[str, str]:
    found = {"kind": "consumer" if is_consumer else "business"}
    if region:
        found["region"] = "near" if region == home else "far"
    if postcode := _POSTCODE.search(address):
        found["post"] = postcode[1]
    return found


def _of_offer(cents: int | None, version: int | None) -> dict[str, str]:
    found = {} if cents is None else {"band": band_of(cents).value}
    if version:
        found["versions"] = "one" if version == 1 else "more"
    return found


def _of_rating(rated: Rated | None) -> dict[str, str]:
    words = {1: "well", 0: "so_so", -1: "not"}
    marks = rated.fact.marks if rated else ()
    return {f"fit.{mark.criterion}": words[mark.points] for mark in marks}


def _was_good(rated: Rated | None, *, again: bool | None) -> bool:
    """Would one take it again? Where nobody said, the fit tells; a bad job was none, however."""
    if again is not None:
        return again
    return rated is not None and level_of(factor_of(rated.fact)) is Level.GOOD


def _ratings(user: User) -> dict[int, Rated]:
    rows = Event.objects.filter(kind=KIND, actor=user).standing().order_by("occurred_at", "pk")
    return {prospect: one for (_seller, prospect), one in newest_of(rows).items()}


def _again(user: User) -> dict[int, bool | None]:
    rows = Event.objects.filter(kind=FINISHED, opportunity__owner=user).standing()
    told = rows.order_by("occurred_at", "pk").values_list("opportunity", "payload")
    return {pk or 0: decode(JobFinished, payload).again for pk, payload in told}


def _quick(user: User) -> Mapping[int, bool]:
    """Return whether the first answer came soon after the offer, where there were both."""
    rows = Event.objects.filter(
        kind__in=("offer_sent", "replied"),
        opportunity__owner=user,
        opportunity__outcome__gt="",
    )
    firsts: dict[int, dict[str, datetime]] = defaultdict(dict)
    asked = (
        rows.standing()
        .order_by()
        .values_list("opportunity", "kind")
        .annotate(at=Min("occurred_at"))
    )
    for pk, kind, at in asked:
        firsts[pk or 0][kind] = at
    return {
        pk: one["replied"] - one["offer_sent"] <= QUICK
        for pk, one in firsts.items()
        if len(one) > 1 and one["replied"] >= one["offer_sent"]
    }
