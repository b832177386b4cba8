"""Whether to ask once more, what it fails at, and what the lines of the playbook brought."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nachhaken.desk import labels
from nachhaken.desk.charts.scale import percent
from nachhaken.desk.charts.values import (
    Bar,
    Bars,
    Definition,
    Lines,
    Panel,
    Point,
    Series,
    Table,
)
from nachhaken.desk.charts.wording import FEW, between, by_currency, too_few
from nachhaken.desk.playbook_words import SCENES
from nachhaken.desk.speech import language
from nachhaken.learning.insight.values import FollowUp, Insight, Reason, Used
from nachhaken.playbook.tables import playbook
from nachhaken.playbook.values import Script
from nachhaken.terms import NoReason, OurReason

_WORTH = 0.10  # a follow-up that every tenth answers is worth asking
_SELDOM = 0.20  # surely fewer than every fifth follow-up is answered
_MOST_LINES = 12


def follow_ups(found: Insight) -> Panel:
    """Return what the n-th follow-up brought."""
    rows = found.follow_ups
    cases = sum(row.cases for row in rows)
    annoyed = sum(row.annoyed for row in rows)
    won = tuple(
        Point(x=row.nth, y=row.won.value, low=row.won.low, high=row.won.high, size=row.cases)
        for row in rows
        if row.won
    )
    answered = tuple(
        Point(x=r.nth, y=r.answered.value, low=r.answered.low, high=r.answered.high, size=r.cases)
        for r in rows
    )
    bothered = _("Verärgert haben Sie dabei %(annoyed)s von %(cases)s Mal.") % {
        "annoyed": annoyed,
        "cases": cases,
    }
    most = max((row.cases for row in rows), default=0)
    is_enough = most >= FEW
    return Panel(
        key="follow-ups",
        question=_("Lohnt die nächste Nachfrage?"),
        how=_(
            "Anteil beantworteter Nachfragen und der Aufträge daraus, nach der wievielten. Heller "
            "Streifen: so sicher ist das bei Ihren Zahlen."
        ),
        says=f"{_asking_says(rows)} {bothered}" if is_enough else too_few(most),
        chart=Lines(
            series=(
                Series(name=_("beantwortet"), points=answered),
                Series(name=_("Auftrag"), points=won, tone="genuine"),
            ),
            x_name=_("die wievielte Nachfrage"),
        )
        if is_enough
        else None,
        table=Table(
            head=(
                _("Nachfrage"),
                _("Fälle"),
                _("beantwortet"),
                _("von"),
                _("bis"),
                _("Auftrag"),
                _("von"),
                _("bis"),
                _("verärgert"),
            ),
            rows=tuple(
                (row.nth, row.cases, *row.answered, *(row.won or (None,) * 3), row.annoyed)
                for row in rows
            ),
        ),
        definitions=(
            Definition(
                word=_("beantwortet"),
                meaning=_(
                    "Der Kunde hat sich gemeldet, bevor Sie wieder fragten, spätestens nach vier "
                    "Wochen. Anrufe, bei denen niemand abnahm, sind keine Nachfrage."
                ),
            ),
            Definition(
                word=_("Auftrag"),
                meaning=_(
                    "Beantwortet, und später wurde daraus ein Auftrag. Ob die Nachfrage ihn "
                    "bewirkt hat, sagt das nicht: Sie fragen ja dort nach, wo es sich lohnt."
                ),
            ),
        ),
        cases=cases,
    )


def reasons(found: Insight) -> Panel:
    """Return why it became a no, theirs and ours told apart."""
    noes = sum(row.count for row in found.reasons)
    bars = tuple(
        Bar(
            name=reason_word(row),
            value=row.count,
            shown=str(row.count),
            beside=_beside(row),
            tone="pretend" if row.is_ours else "accent" if row.reason else "lost",
        )
        for row in found.reasons
    )
    return Panel(
        key="reasons",
        question=_("Woran scheitert es?"),
        how=_("Gründe der Neins und der Wert der Angebote. Bei Ihren eigenen steht „unserer“."),
        says=_reasons_say(found.reasons, noes),
        chart=Bars(bars=bars) if bars else None,
        table=Table(
            head=(_("Grund"), _("wessen"), _("Anzahl"), _("Wert")),
            rows=tuple(
                (
                    reason_word(row),
                    _("unserer") if row.is_ours else _("des Kunden"),
                    row.count,
                    by_currency(row.amount),
                )
                for row in found.reasons
            ),
        ),
        definitions=(
            Definition(
                word=_("Wert"),
                meaning=_(
                    "Netto, wie im letzten Angebot. Verschiedene Währungen werden nie addiert."
                ),
            ),
        ),
        cases=noes,
    )


def lines(found: Insight) -> Panel:
    """Return what followed the lines of the playbook."""
    rows = sorted(found.used, key=lambda row: -row.cases)[:_MOST_LINES]
    bars = tuple(
        Bar(
            name=_line_name(row),
            value=row.answered.value,
            shown=percent(row.answered.value),
            beside=_("%(cases)s-mal") % {"cases": row.cases},
            low=row.answered.low,
            high=row.answered.high,
        )
        for row in rows
    )
    return Panel(
        key="lines",
        question=_("Was bringen Ihre Sätze?"),
        how=_("Wie oft auf einen Satz des Playbooks eine Antwort kam. Strich: so sicher ist das."),
        says=_lines_say(rows),
        chart=Bars(bars=bars) if bars else None,
        table=Table(
            head=(_("Satz"), _("Fassung"), _("Fälle"), _("beantwortet"), _("von"), _("bis")),
            rows=tuple((_line_name(row), row.key, row.cases, *row.answered) for row in found.used),
        ),
        cases=sum(row.cases for row in found.used),
    )


def reason_word(row: Reason) -> str:
    """Return a reason as it is called everywhere at the desk."""
    match row.reason:
        case NoReason() as theirs:
            return labels.word(labels.NO_REASONS[theirs])
        case OurReason() as ours:
            return labels.word(labels.OUR_REASONS[ours])
        case None:
            return _("ohne Grund losgelassen") if row.is_ours else _("nicht gesagt")


def last_worth(rows: tuple[FollowUp, ...]) -> int | None:
    """Return the last follow-up that surely at least every tenth answers; None: not known."""
    sure = [row.nth for row in rows if row.cases >= FEW and row.answered.low >= _WORTH]
    return max(sure, default=None)


def hardly_answered(rows: tuple[FollowUp, ...]) -> FollowUp | None:
    """Return the first follow-up where surely hardly any of it is answered; None: not known."""
    first = next((row for row in rows if row.nth == 1), None)
    is_sure = first is not None and first.cases >= FEW and first.answered.high < _SELDOM
    return first if is_sure else None


def _asking_says(rows: tuple[FollowUp, ...]) -> str:
    nth = last_worth(rows)
    seldom = hardly_answered(rows)
    if nth is None and seldom:
        share = {"share": percent(seldom.answered.value), "sure": between(seldom.answered)}
        said = _(
            "Fast keine Antwort: Schon die erste Nachfrage beantworten etwa %(share)s (%(sure)s)."
        )
        return said % share
    if nth is None:
        return _("Ab welcher Nachfrage es sich nicht mehr lohnt, ist noch nicht sicher.")
    row = next(row for row in rows if row.nth == nth)
    words = {"nth": nth, "share": percent(row.answered.value), "sure": between(row.answered)}
    if nth == 1:
        return _("Die erste Nachfrage beantworten etwa %(share)s (%(sure)s).") % words
    return _("Noch die %(nth)s. Nachfrage beantworten etwa %(share)s (%(sure)s).") % words


def _beside(row: Reason) -> str:
    parts = [_("unserer") if row.is_ours else "", by_currency(row.amount)]
    return " · ".join(part for part in parts if part)


def _reasons_say(rows: tuple[Reason, ...], noes: int) -> str:
    if not rows:
        return _("Noch kein Nein. Sobald eines kommt, steht hier, woran es lag.")
    most = rows[0]
    words = {"n": most.count, "noes": noes, "reason": reason_word(most)}
    if most.reason is None and most.is_ours:
        return _("Am häufigsten ließen Sie ohne Grund los, %(n)s von %(noes)s Neins.") % words
    if most.reason is None or most.reason is NoReason.UNKNOWN:
        said = ngettext(
            "Bei %(n)s von %(noes)s Nein ist kein Grund bekannt. Fragen Sie danach.",
            "Bei %(n)s von %(noes)s Neins ist kein Grund bekannt. Fragen Sie danach.",
            noes,
        )
        return said % words
    said = ngettext(
        "Am häufigsten: „%(reason)s“, %(n)s von %(noes)s Nein.",
        "Am häufigsten: „%(reason)s“, %(n)s von %(noes)s Neins.",
        noes,
    )
    return said % words


def _lines_say(rows: list[Used]) -> str:
    known = [row for row in rows if row.cases >= FEW]
    if not known:
        return too_few(max((row.cases for row in rows), default=0))
    best = max(known, key=lambda row: row.answered.value)
    others = [row for row in known if row is not best]
    words = {
        "name": _line_name(best),
        "share": percent(best.answered.value),
        "sure": between(best.answered),
    }
    if others and best.answered.low > max(row.answered.high for row in others):
        return _("Am besten geht „%(name)s“: %(share)s antworten (%(sure)s).") % words
    return _("Welcher Satz der bessere ist, ist noch nicht sicher.")


def _line_name(row: Used) -> str:
    """Return where the line stands in the playbook, and what is special about it."""
    tables = playbook()
    found = tables.scripts.get(row.key) or tables.mails.get(row.key)
    if found is None:
        return _("eigener Satz") if row.key.startswith("own.") else _("Antwort auf einen Einwand")
    angle = found.angle.get(language(), "") if isinstance(found, Script) else ""
    return f"{SCENES[found.scene]}: {angle}" if angle else str(SCENES[found.scene])
