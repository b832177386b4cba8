"""What ways to follow up would bring, as it was played through, in words and figures."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nachhaken.desk.access import allow
from nachhaken.desk.charts.values import Bar, Bars
from nachhaken.desk.comparing import Setup, report_of, setup_now
from nachhaken.desk.models import User
from nachhaken.desk.pages_lab import ComparedPage, WayRow, WinRow
from nachhaken.desk.templatetags.words import about
from nachhaken.learning.insight.values import Measured
from nachhaken.learning.ways import Way

NAMES: dict[Way, str | Promise] = {
    Way.SHY: gettext_lazy("Schüchtern"),
    Way.FIXED: gettext_lazy("Fester Takt"),
    Way.PUSHY: gettext_lazy("Drängend"),
    Way.NACHHAKEN: gettext_lazy("Nachhaken"),
}
_ABOUT: dict[Way, str | Promise] = {
    Way.SHY: gettext_lazy("eine Mail nach einer Woche, dann warten"),
    Way.FIXED: gettext_lazy("acht Mails in zwei Monaten, was auch kommt"),
    Way.PUSHY: gettext_lazy("alle drei Tage eine Mail, jede neue Fassung sofort"),
    Way.NACHHAKEN: gettext_lazy("der Schritt, den der Tisch vorschlägt"),
}
_FIGURES = ("eur", "yes", "early_no", "late_no", "hours", "annoyed")


def compared_ways(user: User, *, now: datetime) -> ComparedPage:
    """Return the comparison for the present model and numbers, as far as it has been played."""
    allow(user)
    setup = setup_now()
    report = report_of(setup, now=now)
    if report is None:
        return _page(setup)
    if "ways" not in report:
        return _page(setup, is_under_way=True, done=report["done"], total=report["all"])
    rows = _rows(report["ways"])
    robust = report["robust"]
    return _page(
        setup,
        rows=rows,
        worlds=robust["worlds"],
        wins=_wins(robust["wins"]),
        eur=_eur_bars(rows),
        may_lose=any(row.eur.low < 0 for row in rows),
        ahead=_win_bars(_wins(robust["wins"])),
        says=_answer(rows),
        robust=_robust(robust),
    )


def _page(setup: Setup, **more: Any) -> ComparedPage:
    return ComparedPage(
        value_cents=round(setup.value * 100),
        offers=setup.offers,
        is_own=setup.known.learnt is not None,
        **more,
    )


def _rows(ways: list[Mapping[str, Any]]) -> tuple[WayRow, ...]:
    best = max(way["eur"]["value"] for way in ways)
    ordered = sorted(ways, key=lambda way: -way["eur"]["value"])
    return tuple(
        WayRow(
            name=str(NAMES[Way(way["way"])]),
            about=str(_ABOUT[Way(way["way"])]),
            is_best=way["eur"]["value"] == best,
            **{name: Measured(**way[name]) for name in _FIGURES},
        )
        for way in ordered
    )


def _wins(wins: Mapping[str, int]) -> tuple[WinRow, ...]:
    ordered = sorted(wins.items(), key=lambda one: -one[1])
    return tuple(WinRow(name=str(NAMES[Way(way)]), wins=n) for way, n in ordered)


def _eur_bars(rows: tuple[WayRow, ...]) -> Bars:
    return Bars(
        bars=tuple(
            Bar(
                name=row.name,
                value=row.eur.value,
                shown=_eur(row.eur.value),
                low=row.eur.low,
                high=row.eur.high,
                tone="accent" if row.is_best else "lost",
            )
            for row in rows
        )
    )


def _win_bars(wins: tuple[WinRow, ...]) -> Bars:
    most = max(row.wins for row in wins)
    return Bars(
        bars=tuple(
            Bar(
                name=row.name,
                value=row.wins,
                shown=str(row.wins),
                tone="accent" if row.wins == most else "lost",
            )
            for row in wins
        )
    )


def _answer(rows: tuple[WayRow, ...]) -> str:
    """Say which way is ahead, or that the intervals of the first two do not tell."""
    first, second = rows[0], rows[1]
    names = {"first": first.name, "second": second.name}
    if first.eur.value < 0:
        return _("Kein Weg trägt sich; am wenigsten verliert „%(first)s“: %(eur)s je Vorgang.") % {
            **names,
            "eur": _eur(-first.eur.value),
        }
    if first.eur.low <= second.eur.high:
        return _("„%(first)s“ und „%(second)s“ liegen etwa gleichauf.") % names
    if second.eur.value < 0:
        return _(
            "„%(first)s“ bringt je Vorgang rund %(eur)s; schon „%(second)s“ verliert %(less)s."
        ) % {
            **names,
            "eur": _eur(first.eur.value),
            "less": _eur(-second.eur.value),
        }
    return _("„%(first)s“ bringt je Vorgang rund %(eur)s, als Nächstes „%(second)s“ %(less)s.") % {
        **names,
        "eur": _eur(first.eur.value),
        "less": _eur(second.eur.value),
    }


def _robust(robust: Mapping[str, Any]) -> str:
    """'In 17 von 20 Welten liegt „Nachhaken“ vorn; am knappsten um rund 40 EUR.'"""
    name = str(NAMES[Way(robust["best"])])
    params = {
        "wins": robust["wins"][robust["best"]],
        "worlds": robust["worlds"],
        "name": name,
        "least": _eur(abs(robust["least"])),
        "most": _eur(robust["most"]),
    }
    if robust["least"] > 0:
        return (
            _(
                "In %(wins)d von %(worlds)d Welten liegt „%(name)s“ vorn; am knappsten um rund "
                "%(least)s je Vorgang, am deutlichsten um rund %(most)s."
            )
            % params
        )
    return (
        _(
            "In %(wins)d von %(worlds)d Welten liegt „%(name)s“ vorn, am deutlichsten um rund "
            "%(most)s je Vorgang; in der ungünstigsten Welt fehlen rund %(least)s."
        )
        % params
    )


def _eur(eur: float) -> str:
    return about(round(eur * 100))
