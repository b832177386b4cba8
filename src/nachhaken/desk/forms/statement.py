"""What a reply really means: an intent by one tap, or all of it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.acts import WindowForm
from nachhaken.desk.forms.choices import SAID
from nachhaken.desk.forms.fields import choice_field, line_field
from nachhaken.terms import Intent

# Nobody wants to hear from us then.
_TIMELESS = {Intent.OPT_OUT, Intent.OTHER}


class StatementForm(WindowForm):
    """What a reply really means; `on` is its day and `region` its customer's, for the words."""

    intent = choice_field(
        _("Was meint der Kunde?"),
        [*SAID, (Intent.AUTO_REPLY, _("automatische Antwort")), (Intent.OTHER, _("etwas anderes"))],
        required=True,
    )
    words = line_field(
        _("Wann wieder? In Worten"),
        placeholder=_("zum Beispiel: nach Ostern, KW 12"),
    )
    conditional = frozenset({Intent.STALLED_NAMED, Intent.ENGAGED})

    def __init__(self, *args: Any, on: date, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.region = on, region
        self.fields["start"].label = _("oder frühestens")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if words := cleaned.get("words"):
            window = window_in(words, on=self.on, region=self.region)
            if window is None:
                self.add_error("words", _("Das ergibt keinen Zeitraum. Bitte ein Datum wählen."))
            else:
                cleaned["start"], cleaned["end"] = window
        return cleaned

    def window(self) -> tuple[date, date] | None:
        return None if self.cleaned_data["intent"] in _TIMELESS else super().window()


def window_in(words: str, *, on: date, region: str) -> tuple[date, date] | None:
    """Return the days that a customer means with `words` on the day `on`; None where unclear."""
    # Late, as in `stories`: no page needs the tables to be shown.
    from nachhaken.reading import read

    window = read(f"Bitte melden Sie sich wieder: {words}.", reference=on, region=region).callback
    return (window.start, window.end) if window else None
