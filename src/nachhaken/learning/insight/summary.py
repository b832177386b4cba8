"""From sums to what is shown: every figure of the page Auswertung."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from nachhaken.learning.insight.clarity import clarity
from nachhaken.learning.insight.curve import follow_up_curve, lines_used
from nachhaken.learning.insight.figures import LONGEST_DAYS
from nachhaken.learning.insight.reliable import beside_gut, reliability
from nachhaken.learning.insight.savings import savings
from nachhaken.learning.insight.tally import Tally, total
from nachhaken.learning.insight.values import (
    Band,
    Clarity,
    Ending,
    Field,
    Insight,
    Nose,
    Reason,
)
from nachhaken.terms import NoReason, OurReason


def insight_of(by_band: Mapping[Band, Tally], *, today: date) -> Insight:
    """Return every figure from the tallies of the price bands.

    `today` is the day in the user's zone up to which one sees.
    """
    tally = total(one.numbers for one in by_band.values())
    fields = {ending: _field(tally, ending) for ending in Ending}
    return Insight(
        decided=sum(field.count for field in fields.values()),
        open_cases=sum(amount for _, amount in tally.group("open")),
        fields=fields,
        saved=savings(by_band),
        clarity=_clarity(tally, today),
        follow_ups=follow_up_curve(tally, today=today),
        reasons=_reasons(tally),
        reliability=reliability(tally, today=today),
        nose=_nose(tally),
        used=lines_used(tally, today=today),
    )


def _field(tally: Tally, ending: Ending) -> Field:
    name = f"field.{ending.value}"
    return Field(
        count=tally[f"{name}.n"],
        minutes=tally[f"{name}.minutes"],
        sunk=_cents(tally, f"{name}.sunk"),
        amount=_cents(tally, f"{name}.amount"),
    )


def _cents(tally: Tally, name: str) -> Mapping[str, int]:
    return dict(tally.group(name))


def _clarity(tally: Tally, today: date) -> Clarity:
    """What took longer than is followed counts as open on the last day that is."""
    still_open: dict[int, int] = defaultdict(int)
    for began, count in tally.group("open"):
        days = today.toordinal() - int(began)
        still_open[min(max(days, 0), LONGEST_DAYS)] += count
    ended: dict[str, dict[int, int]] = {"yes": {}, "no": {}}
    for which, by_day in ended.items():
        for name, count in tally.group(f"clear.{which}"):
            if int(name) > LONGEST_DAYS:
                still_open[LONGEST_DAYS] += count
            else:
                by_day[int(name)] = count
    return clarity(ended["yes"], ended["no"], still_open)


def _reasons(tally: Tally) -> tuple[Reason, ...]:
    """The most frequent one first; of two alike the name decides."""
    found: dict[tuple[bool, str], dict[str, int]] = defaultdict(dict)
    for name, amount in tally.group("reason"):
        whose, reason, part = name.split(".")
        found[whose == "ours", reason][part] = amount
    order = sorted(found.items(), key=lambda item: (-item[1].get("n", 0), item[0]))
    return tuple(_reason(*key, numbers) for key, numbers in order)


def _reason(is_ours: bool, name: str, numbers: Mapping[str, int]) -> Reason:  # noqa: FBT001
    kinds = OurReason if is_ours else NoReason
    return Reason(
        reason=kinds(name) if name else None,
        is_ours=is_ours,
        count=numbers.get("n", 0),
        amount={part: cents for part, cents in numbers.items() if part != "n"},
    )


def _nose(tally: Tally) -> Nose:
    return Nose(
        dead=tally["nose.dead.n"],
        dead_right=tally["nose.dead.right"],
        alive=tally["nose.alive.n"],
        alive_right=tally["nose.alive.right"],
        beside_dead=beside_gut(tally, "dead"),
        beside_alive=beside_gut(tally, "alive"),
    )
