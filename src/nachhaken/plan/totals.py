"""What an offer comes to: net, VAT by rate and gross, in whole cents."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from nachhaken.timeline import OfferSent, Position

# Per mille, the usual rate first: § 12 UStG; § 10 UStG 1994; Art. 25 MWSTG as of 1 January 2024.
RATES: Mapping[str, tuple[int, ...]] = {
    "DE": (190, 70, 0),
    "AT": (200, 130, 100, 0),
    "CH": (81, 26, 38, 0),
}
FIVE_RAPPEN = 5
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class VatLine:
    """What one rate of VAT is charged on, and what it comes to."""

    permille: int
    net_cents: int
    vat_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums of an offer; VAT and gross are None where a rate is not known.

    `rounding_cents` is what rounding the gross to whole steps added or took.
    """

    net_cents: int
    vat: tuple[VatLine, ...] = ()
    vat_cents: int | None = None
    rounding_cents: int = 0
    gross_cents: int | None = None


def totals_of(
    positions: Sequence[Position],
    *,
    net_cents: int | None = None,
    vat_permille: int | None = None,
    step: int = 1,
) -> Totals | None:
    """Return the sums of `positions`, or of `net_cents` where none counts; None without either.

    Each line is rounded to the cent and then added up, VAT is taken once by rate on its sum, both
    rounded half away from zero. Optional positions are not counted. `step` rounds the gross to
    whole steps of so many cents, as Swiss cash needs it.
    """
    nets = _nets(positions, vat_permille)
    if not nets and net_cents is None:
        return None
    nets = nets or {vat_permille: net_cents or 0}
    net = sum(nets.values())
    if None in nets:
        return Totals(net_cents=net)
    lines = tuple(
        VatLine(rate, part, _rounded(Decimal(part * rate) / 1000))
        for rate, part in sorted(_known(nets), reverse=True)
    )
    vat = sum(line.vat_cents for line in lines)
    gross = _rounded(Decimal(net + vat) / step) * step
    return Totals(
        net_cents=net,
        vat=lines,
        vat_cents=vat,
        rounding_cents=gross - net - vat,
        gross_cents=gross,
    )


def totals_of_offer(offer: OfferSent, *, step: int = 1) -> Totals | None:
    """Return the sums of an offer that went out."""
    return totals_of(
        offer.positions, net_cents=offer.net_cents, vat_permille=offer.vat_permille, step=step
    )


def line_cents(position: Position) -> int:
    """Return what a position comes to, optional or not, rounded half away from zero."""
    return _rounded(Decimal(repr(position.quantity)) * position.unit_cents)


def counted_cents(position: Position) -> int:
    """Return what a position adds to the sum; an optional one adds nothing."""
    return 0 if position.is_optional else line_cents(position)


def rates_of(region: str) -> tuple[int, ...]:
    """Return the rates of VAT in a country or region such as "CH-ZH", the usual one first."""
    return RATES.get(region[:2], RATES["DE"])


def _nets(positions: Iterable[Position], usual: int | None) -> dict[int | None, int]:
    nets: dict[int | None, int] = defaultdict(int)
    for position in positions:
        if not position.is_optional:
            rate = usual if position.vat_permille is None else position.vat_permille
            nets[rate] += line_cents(position)
    return dict(nets)


def _known(nets: Mapping[int | None, int]) -> list[tuple[int, int]]:
    return [(rate, part) for rate, part in nets.items() if rate is not None]


def _rounded(value: Decimal) -> int:
    return int(value.quantize(_ONE, rounding=ROUND_HALF_UP))
