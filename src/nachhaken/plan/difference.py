"""How two versions of an offer differ, line by line and in words."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain

from nachhaken.plan.totals import counted_cents, line_cents, totals_of_offer
from nachhaken.plan.values import Param, Phrase
from nachhaken.timeline import OfferSent, Position

ALIKE = 0.6  # difflib's own advice for "close matches"

_Placed = tuple[int, Position]
_Pair = tuple[Position, Position]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed; `cents` is what it adds to the net sum, 0 for what costs nothing.

    The sentence of the sum itself, the last one, adds nothing: its parts stand before it.
    """

    phrase: Phrase
    cents: int = 0


def difference_of(old: OfferSent, new: OfferSent) -> tuple[Difference, ...]:
    """Return what changed from `old` to `new`: positions in the order of the offers, then terms.

    A position is known again by its text, else by a similar text, else by its place with the same
    quantity and price. The `cents` of all differences add up to the change of the net sum.
    """
    if old.currency != new.currency:
        found = [_currency(old, new)]
        # Prices in two currencies cannot be set against each other: all that is left is the list.
        return (*found, *_terms(old, replace(new, currency=old.currency)))
    return (*_positions(old, new), *_flat(old, new), *_terms(old, new), *_sum(old, new))


def _currency(old: OfferSent, new: OfferSent) -> Difference:
    return Difference(
        Phrase(
            "diff.currency",
            {
                "old": _net(old),
                "old_currency": old.currency,
                "new": _net(new),
                "new_currency": new.currency,
            },
        ),
        _net(new) - _net(old),
    )


def _positions(old: OfferSent, new: OfferSent) -> Iterator[Difference]:
    pairs, gone, come = _matched(old.positions, new.positions)
    for before, after in pairs:
        yield from _changed(before, after, old, new)
    for position in gone:
        yield _one("removed", position, -counted_cents(position), old.currency)
    for position in come:
        yield _one("added", position, counted_cents(position), new.currency)


def _one(key: str, position: Position, delta: int, currency: str) -> Difference:
    key = f"diff.{key}_optional" if position.is_optional else f"diff.{key}"
    params: dict[str, Param] = {"text": position.text, "currency": currency}
    return Difference(Phrase(key, {**params, "cents": line_cents(position), "delta": delta}), delta)


def _changed(
    before: Position, after: Position, old: OfferSent, new: OfferSent
) -> Iterator[Difference]:
    """The first change that can move the sum carries the whole of what the position adds."""
    delta = counted_cents(after) - counted_cents(before)
    if _folded(before.text) != _folded(after.text):
        yield Difference(Phrase("diff.renamed", {"old": before.text, "new": after.text}))
    params: dict[str, Param] = {
        "text": after.text,
        "currency": new.currency,
        "price": after.unit_cents,
        "old_price": before.unit_cents,
        "quantity": after.quantity,
        "old_quantity": before.quantity,
        "quantity_unit": after.unit,
        "old_quantity_unit": before.unit,
    }
    for key in _moved(before, after):
        yield _by(f"diff.{key}", params, delta)
        delta = 0
    rates = _rate(before, old), _rate(after, new)
    has_own = (before.vat_permille, after.vat_permille) != (None, None)
    if has_own and rates[0] != rates[1]:
        yield _vat("diff.position_vat", *rates, text=after.text)


def _moved(before: Position, after: Position) -> list[str]:
    keys = []
    if before.is_optional != after.is_optional:
        keys.append("optional" if after.is_optional else "firm")
    is_priced = before.unit_cents != after.unit_cents
    if (before.quantity, before.unit) != (after.quantity, after.unit):
        keys.append("both" if is_priced else "quantity")
    elif is_priced:
        keys.append("price")
    return keys


def _rate(position: Position, offer: OfferSent) -> int | None:
    return offer.vat_permille if position.vat_permille is None else position.vat_permille


def _flat(old: OfferSent, new: OfferSent) -> Iterator[Difference]:
    """What an offer comes to without positions that count is one amount."""
    before, after = _flat_of(old), _flat_of(new)
    if before == after:
        return
    delta = (after or 0) - (before or 0)
    params: dict[str, Param] = {"old": before or 0, "new": after or 0, "currency": new.currency}
    if before is not None and after is not None:
        yield _by("diff.net", params, delta)
        return
    has_items = _has_counted(old) or _has_counted(new)
    word = "added" if before is None else "removed"
    key = f"diff.flat_{word}" if has_items else f"diff.net_{word}"
    yield Difference(Phrase(key, params), delta)


def _sum(old: OfferSent, new: OfferSent) -> Iterator[Difference]:
    before, after = _net(old), _net(new)
    if before != after and (_has_counted(old) or _has_counted(new)):
        params: dict[str, Param] = {"old": before, "new": after, "currency": new.currency}
        yield replace(_by("diff.net", params, after - before), cents=0)


def _terms(old: OfferSent, new: OfferSent) -> Iterator[Difference]:
    if old.vat_permille != new.vat_permille:
        yield _vat("diff.vat", old.vat_permille, new.vat_permille)
    if old.valid_until != new.valid_until:
        key = "open" if new.valid_until is None else "set" if old.valid_until is None else "until"
        days = {"old": old.valid_until, "new": new.valid_until}
        yield Difference(Phrase(f"diff.{key}", {k: v for k, v in days.items() if v is not None}))
    if old.number != new.number:
        yield Difference(Phrase("diff.number", {"old": old.number, "new": new.number}))
    if old.title != new.title:
        yield Difference(Phrase("diff.title", {"old": old.title, "new": new.title}))
    if old.note != new.note:
        yield Difference(Phrase("diff.note"))


def _vat(key: str, old: int | None, new: int | None, *, text: str = "") -> Difference:
    if old is None or new is None:
        key = f"{key}_set" if old is None else f"{key}_open"
    return Difference(Phrase(key, {"text": text, "old": old or 0, "new": new or 0}))


def _by(key: str, params: dict[str, Param], delta: int) -> Difference:
    """The sentence with what it adds behind it, where it adds anything."""
    if not delta:
        return Difference(Phrase(key, params))
    return Difference(Phrase("diff.by", {**params, "what": key, "delta": delta}), delta)


def _net(offer: OfferSent) -> int:
    totals = totals_of_offer(offer)
    return totals.net_cents if totals else 0


def _flat_of(offer: OfferSent) -> int | None:
    return None if _has_counted(offer) else offer.net_cents


def _has_counted(offer: OfferSent) -> bool:
    return any(not position.is_optional for position in offer.positions)


def _matched(
    old: Sequence[Position], new: Sequence[Position]
) -> tuple[list[_Pair], list[Position], list[Position]]:
    """Return pairs in the order of `new`, and what has no partner."""
    left, right = list(enumerate(old)), list(enumerate(new))
    pairs: list[tuple[int, _Pair]] = []
    for likeness in (_is_equal, _has_text, _alike, _same_place):
        for before, after in _best(left, right, likeness):
            left.remove(before)
            right.remove(after)
            pairs.append((after[0], (before[1], after[1])))
    return [pair for _, pair in sorted(pairs, key=_first)], _bare(left), _bare(right)


def _best(
    left: Iterable[_Placed],
    right: Sequence[_Placed],
    likeness: Callable[[_Placed, _Placed], float],
) -> list[tuple[_Placed, _Placed]]:
    """Return the pairs that are alike, the likest first, then the nearest in place; each once."""
    scored = chain.from_iterable(
        (
            (-score, abs(one[0] - two[0]), one[0], two[0], one, two)
            for two in right
            if (score := likeness(one, two))
        )
        for one in left
    )
    used: set[tuple[str, int]] = set()
    found = []
    for *_, one, two in sorted(scored, key=_ranked):
        if ("old", one[0]) not in used and ("new", two[0]) not in used:
            used |= {("old", one[0]), ("new", two[0])}
            found.append((one, two))
    return found


def _ranked(row: tuple[float, int, int, int, _Placed, _Placed]) -> tuple[float, int, int, int]:
    return row[:4]


def _first(pair: tuple[int, _Pair]) -> int:
    return pair[0]


def _bare(placed: Iterable[_Placed]) -> list[Position]:
    return [position for _, position in placed]


def _is_equal(one: _Placed, two: _Placed) -> float:
    return float(one[1] == two[1])


def _has_text(one: _Placed, two: _Placed) -> float:
    return float(_folded(one[1].text) == _folded(two[1].text))


def _alike(one: _Placed, two: _Placed) -> float:
    """A text that only grew, or was cut short, is the same one however long the rest is."""
    before, after = _folded(one[1].text), _folded(two[1].text)
    if before.startswith(after) or after.startswith(before):
        return 1.0
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= ALIKE else 0.0


def _same_place(one: _Placed, two: _Placed) -> float:
    amounts = [(p.unit_cents, p.quantity, p.unit, p.is_optional) for _, p in (one, two)]
    return float(one[0] == two[0] and amounts[0] == amounts[1])


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
