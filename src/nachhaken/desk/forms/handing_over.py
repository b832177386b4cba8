"""Asking a colleague to take over, and how many open matters are enough."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.commands.handing_over import LONGEST_REASON, MOST_ROOM
from nachhaken.desk.forms.fields import DeskForm, KeyedForm, choice_field, line_field
from nachhaken.desk.pages_hand_over import HandOverPage


class HandOverForm(KeyedForm):
    """Who takes over, why, and whether all that is open goes along."""

    to = choice_field(_("Wer übernimmt?"), [], required=True)
    reason = line_field(_("Warum? (steht in der Anfrage)"), longest=LONGEST_REASON)
    with_others = forms.BooleanField(
        label=_("Auch alles andere, was bei diesem Kunden offen ist"), required=False
    )

    def __init__(self, *args: Any, page: HandOverPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(one.id), f"{one.name} ({one.room})") for one in page.colleagues]
        self.fields["to"].choices = rows  # type: ignore[attr-defined]
        if page.colleagues and page.colleagues[0].why:
            self.fields["to"].initial = str(page.colleagues[0].id)
        if not page.others:
            del self.fields["with_others"]


class RoomForm(DeskForm):
    """How many open matters are enough; an empty field says nothing."""

    most_open = forms.IntegerField(
        label=_("Wie viele offene Vorgänge sind genug?"),
        required=False,
        min_value=0,
        max_value=MOST_ROOM,
    )
