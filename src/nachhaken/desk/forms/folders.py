"""Which folders of the mailbox are read, as a person chooses them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.fields import DeskForm, day_field

OWN = "nachhaken"
"""A folder of this name is one that the user made to hand mails over."""


class FoldersForm(DeskForm):
    """The folders that the server has, and the day from which on they are read."""

    names = forms.MultipleChoiceField(
        label=_("Ordner"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens einen Ordner.")},
    )
    since = day_field(_("Mails lesen ab"))

    def __init__(
        self,
        *args: Any,
        offered: Sequence[str],
        chosen: Collection[str],
        since: date,
        **kwargs: Any,
    ) -> None:
        initial = {"names": list(chosen), "since": since}
        super().__init__(*args, initial=initial, **kwargs)
        field = self.fields["names"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(name, name) for name in offered]
