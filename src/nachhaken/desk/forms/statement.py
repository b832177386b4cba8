"""What a reply really means: an intent by one tap, or all of it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.acts import WishForm
from nachhaken.desk.forms.choices import SAID
from nachhaken.desk.forms.fields import choice_field
from nachhaken.terms import Intent

# Nobody wants to hear from us then.
_TIMELESS = {Intent.OPT_OUT, Intent.OTHER}


class StatementForm(WishForm):
    """What a reply really means; `on` is its day and `region` its customer's, for the words."""

    intent = choice_field(
        _("Was meint der Kunde?"),
        [*SAID, (Intent.AUTO_REPLY, _("automatische Antwort")), (Intent.OTHER, _("etwas anderes"))],
        required=True,
    )
    conditional = frozenset({Intent.STALLED_NAMED, Intent.ENGAGED})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("Wann wieder? In Worten")
        self.fields["start"].label = _("oder frühestens")

    def window(self) -> tuple[date, date] | None:
        return None if self.cleaned_data["intent"] in _TIMELESS else super().window()
