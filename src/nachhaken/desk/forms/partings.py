"""What a no is asked beside it: why, what would bring the customer back, and whether it ends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.choices import BACK_IF, OUR_REASONS
from nachhaken.desk.forms.fields import KeyedForm, choice_field, line_field
from nachhaken.desk.partings import NOTHING, Parting
from nachhaken.terms import Intent, OurReason, StepKind

COMEBACK = 200


class ComebackForm(KeyedForm):
    """What would have to be otherwise for the customer to come back: a tap, a line, or both."""

    back_if = choice_field(_("Der Kunde kommt wieder, wenn … (freiwillig)"), BACK_IF)
    comeback = line_field(
        _("Genauer, in einer Zeile"),
        longest=COMEBACK,
        placeholder=_("zum Beispiel: die Bank hat zugesagt"),
    )

    def back(self) -> str:
        """The line in own words, after what was tapped."""
        tapped = str(dict(BACK_IF).get(self.cleaned_data["back_if"], ""))
        return ", ".join(part for part in (tapped, self.cleaned_data["comeback"]) if part)


class PartingForm(ComebackForm):
    """The no in the outcome of a talk: theirs, or our own where the step was to refuse."""

    our_reason = choice_field(_("Was war Ihr Grund? (freiwillig)"), OUR_REASONS)
    referred_to = line_field(_("Wen haben Sie empfohlen? (freiwillig)"))
    closes = forms.BooleanField(
        label=_("Vorgang damit gleich abschließen"), required=False, initial=True
    )

    def parting(self, *, result: Any, step: StepKind) -> Parting:
        """What was asked beside the no; nothing of it where none was said."""
        cleaned, is_ours = self.cleaned_data, step is StepKind.DECLINE
        if not is_ours and result != Intent.NO:
            return NOTHING
        ours = cleaned["our_reason"] if is_ours else ""
        return Parting(
            closes=cleaned["closes"],
            comeback=self.back(),
            our_reason=OurReason(ours) if ours else None,
            referred_to=cleaned["referred_to"] if is_ours else "",
        )
