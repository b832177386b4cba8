"""Saying no oneself, whom one recommends, and taking it anyway."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.commands.taking_anyway import LONGEST_LIMIT, LONGEST_REASON, MOST_LIMITS
from nachhaken.desk.forms.choices import OUR_REASONS
from nachhaken.desk.forms.fields import READABLE, KeyedForm, choice_field, line_field
from nachhaken.desk.models import Partner
from nachhaken.desk.refusals import Chosen
from nachhaken.playbook.declining import Tone
from nachhaken.terms import OurReason

SHOW, MAIL, SAID = "show", "mail", "said"
OPEN, SHUT = "open", "shut"
_TONES = [(Tone.WARM, _("herzlich")), (Tone.PLAIN, _("sachlich")), (Tone.SHORT, _("ganz kurz"))]
_USUAL = [
    ("scope", _("Gemacht wird, was im Angebot steht, nichts darüber hinaus.")),
    ("extra", _("Jede Zusatzarbeit wird vorher schriftlich angeboten und extra berechnet.")),
    ("hours", _("Erreichbar sind wir werktags von 8 bis 17 Uhr.")),
    ("contact", _("Es gibt auf jeder Seite eine Person, die entscheidet.")),
    ("rounds", _("Zwei Änderungsrunden sind dabei, jede weitere wird berechnet.")),
    ("advance", _("Ein Drittel wird vor Beginn bezahlt.")),
]


class RefusalForm(KeyedForm):
    """Why, in which tone, whom we recommend instead, and whether the door stays open."""

    reason = choice_field(
        _("Warum sagen Sie ab?"), OUR_REASONS, required=True, initial=OurReason.FIT
    )
    tone = choice_field(_("In welchem Ton?"), _TONES, required=True, initial=Tone.WARM)
    partner = choice_field(_("Wen empfehlen Sie?"), [], initial="")
    door = choice_field(
        _("Darf der Kunde wiederkommen?"),
        [(OPEN, _("Die Tür bleibt offen")), (SHUT, _("Das war es"))],
        required=True,
        initial=OPEN,
    )
    act = forms.ChoiceField(choices=[(act, "") for act in (SHOW, MAIL, SAID)])

    def __init__(self, *args: Any, partners: Iterable[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.pk), _named(one)) for one in partners]
        self.fields["partner"].choices = [("", _("niemanden")), *named]  # type: ignore[attr-defined]

    def chosen(self) -> Chosen:
        """What was chosen, or what the page begins with."""
        shown = self.cleaned_data if self.is_bound and self.is_valid() else self._begun()
        return Chosen(
            reason=OurReason(shown["reason"]),
            tone=Tone(shown["tone"]),
            partner_id=int(shown["partner"]) if shown["partner"] else None,
            is_open=shown["door"] == OPEN,
        )

    def _begun(self) -> dict[str, Any]:
        names = ("reason", "tone", "partner", "door")
        return {name: str(self.get_initial_for_field(self.fields[name], name)) for name in names}


class PartnerForm(KeyedForm):
    """Another firm or a colleague elsewhere."""

    name = line_field(_("Name"), required=True, autocomplete="organization")
    person = line_field(_("Ansprechpartner"))
    trade = line_field(_("Was sie machen"), placeholder=_("zum Beispiel: Balkone, Treppen"))
    place = line_field(_("Ort"), longest=120)
    phone = line_field(_("Telefon"), longest=50, type="tel")
    mail = forms.EmailField(
        label=_("Mailadresse"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Das ist keine Mailadresse.")},
    )
    note = line_field(_("Notiz für Sie (freiwillig)"), longest=500)

    def about(self) -> dict[str, str]:
        """What the commands want to know."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class TakingAnywayForm(KeyedForm):
    """Why it is taken although it does not fit, and within which limits."""

    reason = line_field(
        _("Warum nehmen Sie es trotzdem?"),
        required=True,
        longest=LONGEST_REASON,
        placeholder=_("zum Beispiel: Der Februar ist noch leer"),
        help_text=READABLE,
    )
    limits = forms.MultipleChoiceField(
        label=_("Was Sie vereinbaren"),
        choices=_USUAL,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own = forms.CharField(
        label=_("Eigene Grenzen, jede in einer Zeile (freiwillig)"),
        required=False,
        max_length=LONGEST_LIMIT * MOST_LIMITS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def agreed(self) -> list[str]:
        """The limits in words, the usual ones first."""
        usual = dict(_USUAL)
        chosen = [str(usual[name]) for name in self.cleaned_data["limits"]]
        return [*chosen, *filter(str.strip, self.cleaned_data["own"].splitlines())]


def _named(one: Partner) -> str:
    beside = ", ".join(part for part in (one.trade, one.place) if part)
    return f"{one.name} ({beside})" if beside else one.name
