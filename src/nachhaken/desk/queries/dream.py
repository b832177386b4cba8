"""The dream customer in words, and how near somebody is."""

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nachhaken.desk.access import allow
from nachhaken.desk.dreams import match_of, profile
from nachhaken.desk.fits import criteria
from nachhaken.desk.models import Opportunity, Prospect, User
from nachhaken.desk.pages_dream import DreamPage, MatchRow, TraitRow
from nachhaken.learning.dream import Profile, Trait, Verdict

MOST_CASES = 5


def dream_page(user: User) -> DreamPage:
    """Return the profile of the dream customer of `user`, or how many jobs are missing."""
    found = profile(allow(user))
    ids = {pk for trait in found.traits for pk in trait.ids[:MOST_CASES]}
    rows = Opportunity.objects.filter(pk__in=ids).select_related("prospect")
    names = {row.pk: f"{row.prospect.name}: {row.title}" for row in rows}
    return DreamPage(
        traits=tuple(_row(one, names) for one in found.traits),
        missing=_missing(found),
        good=found.good,
        other=found.other,
    )


def dream_match(user: User, prospect_id: int) -> MatchRow | None:
    """Return how near a customer is to the dream one; None where nothing can be said."""
    found = match_of(allow(user), prospect_id)
    if found is None or found.verdict is Verdict.UNKNOWN:
        return None
    titles = {
        Verdict.NEAR: _("Nah am Traumkunden"),
        Verdict.BETWEEN: _("Teils wie Ihr Traumkunde"),
        Verdict.FAR: _("Weit weg vom Traumkunden"),
    }
    return MatchRow(
        verdict=found.verdict,
        title=titles[found.verdict],
        speaks_for=tuple(trait_name(one) for one in found.speaks_for),
        against=tuple(_against(one) for one in found.against),
    )


def dream_match_named(user: User, name: str) -> MatchRow | None:
    """Return the same of the customer of exactly this name; None where there is none."""
    row = Prospect.objects.here().filter(name=name, merged_into=None).first() if name else None
    return dream_match(user, row.pk) if row else None


def trait_name(trait: Trait) -> str:
    """Return a trait in words, as it follows "Ihre guten Aufträge"."""
    if trait.feature.startswith("fit."):
        return _mark_name(trait)
    if trait.feature == "post":
        return _("Postleitzahl %(digit)s…") % {"digit": trait.value}
    return _names()[trait.feature, trait.value]


def _mark_name(trait: Trait) -> str:
    names = {one.key: one.name for one in criteria()}
    name = names.get(trait.feature.removeprefix("fit."), "")
    words = {"well": _("gut"), "so_so": _("mittel"), "not": _("schlecht")}
    return f"{name}: {words[trait.value]}"


def _names() -> Mapping[tuple[str, str], str]:
    return {
        ("kind", "business"): _("Firmenkunde"),
        ("kind", "consumer"): _("Privatkunde"),
        ("region", "near"): _("aus Ihrem Land oder Kanton"),
        ("region", "far"): _("von weiter her"),
        ("band", "small"): _("Angebot unter 1.000"),
        ("band", "medium"): _("Angebot von 1.000 bis 5.000"),
        ("band", "large"): _("Angebot von 5.000 bis 20.000"),
        ("band", "huge"): _("Angebot ab 20.000"),
        ("band", "unknown"): _("Angebot ohne Betrag"),
        ("versions", "one"): _("nahm das erste Angebot, wie es war"),
        ("versions", "more"): _("wollte mehrere Fassungen"),
        ("origin", "recommendation"): _("kam auf Empfehlung"),
        ("origin", "inquiry"): _("fragte selbst an"),
        ("origin", "regular"): _("war schon Kunde"),
        ("origin", "own_call"): _("von Ihnen angesprochen"),
        ("origin", "advert"): _("kam über Messe oder Anzeige"),
        ("answer", "quick"): _("antwortete binnen drei Tagen"),
        ("answer", "slow"): _("ließ länger auf Antwort warten"),
    }


def _row(trait: Trait, names: Mapping[int, str]) -> TraitRow:
    times = trait.ratio.value
    words = (
        _("%(what)s: bei Ihren guten etwa %(times)s-mal so oft wie bei den anderen.")
        if times >= 1
        else _("%(what)s: bei Ihren guten nur etwa %(times)s-mal so oft wie bei den anderen.")
    )
    return TraitRow(
        sentence=words % {"what": _capital(trait_name(trait)), "times": _decimal(times)},
        interval=_("mit 90 %% Sicherheit zwischen %(low)s und %(high)s")
        % {"low": _decimal(trait.ratio.low), "high": _decimal(trait.ratio.high)},
        share_good=trait.share_good.value,
        share_other=trait.share_other.value,
        counts_good=_("%(n)s von %(all)s guten") % {"n": trait.good, "all": trait.all_good},
        counts_other=_("%(n)s von %(all)s anderen") % {"n": trait.other, "all": trait.all_other},
        cases=tuple((pk, names[pk]) for pk in trait.ids[:MOST_CASES] if pk in names),
    )


def _missing(found: Profile) -> str:
    parts = []
    if found.missing_good:
        parts.append(
            ngettext(
                "Es fehlt noch ein guter Auftrag.",
                "Es fehlen noch %(n)s gute Aufträge.",
                found.missing_good,
            )
            % {"n": found.missing_good}
        )
    if found.missing_other:
        parts.append(
            ngettext(
                "Es fehlt noch ein anderer beendeter Vorgang zum Vergleichen.",
                "Es fehlen noch %(n)s andere beendete Vorgänge zum Vergleichen.",
                found.missing_other,
            )
            % {"n": found.missing_other}
        )
    return " ".join(parts)


def _against(trait: Trait) -> str:
    name = trait_name(trait)
    return _("nicht: %(what)s") % {"what": name} if trait.speaks_for else name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _decimal(value: float) -> str:
    return number_format(round(value, 1), 1)
