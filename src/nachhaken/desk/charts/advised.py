"""What one could do otherwise: a few sentences, each with the figure that it rests on."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from nachhaken.desk.charts.panels_asked import hardly_answered, last_worth, reason_word
from nachhaken.desk.charts.scale import percent
from nachhaken.desk.charts.wording import FEW, MINUTES, hours
from nachhaken.learning.insight.values import LATE_DAYS, Ending, FollowUp, Insight
from nachhaken.terms import NoReason

_MOST = 3
_MANY_LATE = 0.25  # of all noes
_MUCH = 0.40  # of all work before the decision
_MUCH_MINUTES = 10 * MINUTES
_CLEARLY = 1 / 3  # of the noes whose reason is known


@dataclass(frozen=True, slots=True)
class Advised:
    """What one could do otherwise, and the key of the panel that shows why."""

    words: str
    key: str


def advised(found: Insight) -> tuple[Advised, ...]:
    """Return at most three things to do otherwise, only what the numbers carry."""
    said = (_on_late(found), _on_asking(found), _on_early_noes(found), _on_reasons(found))
    return tuple(one for one in said if one)[:_MOST]


def _on_late(found: Insight) -> Advised | None:
    late, early_no = found.fields[Ending.LATE_NO], found.fields[Ending.EARLY_NO]
    noes = late.count + early_no.count
    if noes < FEW or late.count < _MANY_LATE * noes:
        return None
    each = hours(late.minutes / late.count)
    words = {"late": late.count, "noes": noes, "each": each, "days": LATE_DAYS}
    if not late.minutes:
        said = _(
            "Fragen Sie früher offen nach, ob es etwas wird: %(late)s von %(noes)s Neins kamen "
            "erst nach mehr als %(days)s Tagen."
        )
    else:
        said = _(
            "Fragen Sie früher offen nach, ob es etwas wird: %(late)s von %(noes)s Neins kamen "
            "spät und kosteten im Mittel %(each)s Stunden."
        )
    return Advised(said % words, "early")


def _on_asking(found: Insight) -> Advised | None:
    nth = last_worth(found.follow_ups)
    if nth is None:
        return _on_silence(found.follow_ups)
    row = next(row for row in found.follow_ups if row.nth == nth)
    words = {"nth": nth, "share": percent(row.answered.value), "cases": row.cases}
    if nth == 1:
        said = _(
            "Fragen Sie nach jedem Angebot mindestens einmal nach: Etwa %(share)s antworten "
            "(%(cases)s Nachfragen)."
        )
    else:
        said = _(
            "Fragen Sie ruhig bis zum %(nth)s. Mal nach: Auch da antworten noch etwa %(share)s "
            "(%(cases)s Nachfragen)."
        )
    return Advised(said % words, "follow-ups")


def _on_silence(rows: tuple[FollowUp, ...]) -> Advised | None:
    first = hardly_answered(rows)
    if first is None:
        return None
    said = _(
        "Fragen Sie auf einem anderen Weg nach oder gleich offen, ob es noch ein Thema ist: Von "
        "%(cases)s ersten Nachfragen wurde kaum eine beantwortet (etwa %(share)s)."
    )
    words = {"cases": first.cases, "share": percent(first.answered.value)}
    return Advised(said % words, "follow-ups")


def _on_early_noes(found: Insight) -> Advised | None:
    early = found.fields[Ending.EARLY_NO]
    whole = sum(field.minutes for field in found.fields.values())
    if early.count < FEW or early.minutes < max(_MUCH_MINUTES, _MUCH * whole):
        return None
    said = _(
        "Fragen Sie vor dem Rechnen, wie ernst es ist: In %(count)s frühen Neins stecken "
        "%(hours)s Stunden, %(share)s Ihrer Vorarbeit."
    )
    share = percent(early.minutes / whole)
    words = {"count": early.count, "hours": hours(early.minutes), "share": share}
    return Advised(said % words, "sunk")


def _on_reasons(found: Insight) -> Advised | None:
    """Of the customers' reasons: whom we let go ourselves cannot be asked."""
    theirs = [row for row in found.reasons if not row.is_ours]
    known = [row for row in theirs if row.reason not in {None, NoReason.UNKNOWN}]
    noes, told = (sum(row.count for row in rows) for rows in (theirs, known))
    if noes >= FEW and 2 * told < noes:
        said = (
            _("Fragen Sie bei jeder Absage nach dem Grund: Von %(noes)s kennen Sie %(known)s.")
            if told
            else _("Fragen Sie bei jeder Absage nach dem Grund: Von %(noes)s kennen Sie keinen.")
        )
        return Advised(said % {"noes": noes, "known": told}, "reasons")
    if told < FEW or known[0].count < _CLEARLY * told:
        return None
    words = {"reason": reason_word(known[0]), "count": known[0].count, "known": told}
    because = _("An „%(reason)s“ scheiterten %(count)s von %(known)s, deren Grund Sie kennen.")
    return Advised(f"{_before(known[0].reason)} {because % words}", "reasons")


def _before(reason: object) -> str:
    """What to ask before the offer, so that a matter does not end on this."""
    asked = {
        NoReason.PRICE: _("Nennen Sie einen Preisrahmen, bevor Sie rechnen."),
        NoReason.COMPETITOR: _("Fragen Sie vor dem Angebot, wer noch anbietet und was zählt."),
        NoReason.COMPARISON_ONLY: _("Fragen Sie vor dem Angebot, ob es nur ein Vergleich ist."),
        NoReason.NO_BUDGET: _("Fragen Sie vor dem Angebot, ob das Geld dafür da ist."),
        NoReason.NO_NEED: _("Fragen Sie zuerst, wofür es gebraucht wird."),
        NoReason.TIMING: _("Fragen Sie zuerst, was bis zur Entscheidung geschehen muss."),
        NoReason.INTERNAL: _("Fragen Sie zuerst, wer mitentscheidet."),
        NoReason.TRUST_FIT: _("Zeigen Sie im ersten Gespräch, was Sie schon gemacht haben."),
    }
    return next(words for known, words in asked.items() if known is reason)
