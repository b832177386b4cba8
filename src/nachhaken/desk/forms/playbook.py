"""An own version of a line."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.commands.addressing import LAST_FOLLOW_UP, LONGEST_SCRIPT
from nachhaken.desk.forms.fields import KeyedForm, choice_field, line_field
from nachhaken.desk.playbook_words import SCENES, VOICES
from nachhaken.desk.speech import language
from nachhaken.playbook.filling import faults_of
from nachhaken.playbook.tables import playbook
from nachhaken.playbook.values import Scene

_LONGEST_ANGLE = 120


def _occasions() -> list[tuple[Any, Any]]:
    """Every scene, then every refusal in the wording that is heard most."""
    spoken = language()
    scenes = [(scene.value, name) for scene, name in SCENES.items()]
    refusals = [(key, one.hears[spoken][0]) for key, one in playbook().refusals.items()]
    return [*scenes, (_("Als Antwort auf"), refusals)]


class OwnScriptForm(KeyedForm):
    """What somebody says in a scene, in their own words."""

    text = forms.CharField(
        label=_("Ihre Worte"),
        max_length=LONGEST_SCRIPT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "So, wie Sie es sagen. Die Frage, auf die es ankommt, zwischen *Sternchen*; "
            "{name} wird zum Namen, {topic} zum Vorgang, {offered} zum Tag des Angebots."
        ),
    )
    angle = line_field(
        _("Was daran besonders ist (freiwillig)"),
        longest=_LONGEST_ANGLE,
        placeholder=_("zum Beispiel: mit einem neuen Anlass"),
    )
    scene = forms.ChoiceField(label=_("Wann Sie es sagen"), choices=_occasions)
    nth = forms.ChoiceField(
        label=_("Für welche Nachfrage"),
        help_text=_("nur bei weiteren Nachfragen"),
        choices=[("0", _("jede")), *((str(n), f"{n}.") for n in range(2, LAST_FOLLOW_UP + 1))],
        required=False,
    )
    voice = choice_field(
        _("Anrede"), [(voice.value, name) for voice, name in VOICES.items()], required=True
    )

    def clean_text(self) -> Any:
        text = self.cleaned_data["text"]
        if faults := faults_of(text):
            raise forms.ValidationError(
                _("Unbekannt in geschweiften Klammern: %(what)s"),
                params={"what": ", ".join(faults)},
            )
        return text

    def clean(self) -> Any:
        """Only a further follow-up has a number."""
        is_numbered = self.cleaned_data.get("scene") == Scene.FOLLOW_UP
        self.cleaned_data["nth"] = int(self.cleaned_data.get("nth") or 0) if is_numbered else 0
        return self.cleaned_data

    def about(self) -> dict[str, Any]:
        """The scene or the refusal that was chosen, as `write_script` wants to know it."""
        chosen = self.cleaned_data["scene"]
        is_scene = chosen in set(Scene)
        return {"scene": Scene(chosen)} if is_scene else {"scene": None, "refusal": chosen}
