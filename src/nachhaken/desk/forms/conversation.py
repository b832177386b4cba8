"""What a conversation agrees on: goal, next step, rhythm, open points, key points, consent."""

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk import labels
from nachhaken.desk.forms.acts import WishForm
from nachhaken.desk.forms.choices import CHANNELS
from nachhaken.desk.forms.fields import DeskForm, KeyedForm, choice_field, day_field, line_field
from nachhaken.desk.wishes import window_in
from nachhaken.terms import Channel, ConsentScope, StepKind
from nachhaken.timeline.pursuit import LONGEST_PAUSE

PINNABLE = (
    StepKind.CALL,
    StepKind.CALL_BACK,
    StepKind.MAIL,
    StepKind.ASK_WHAT,
    StepKind.CHECK_CONDITION,
    StepKind.CLARIFY,
    StepKind.ASK_REASON,
    StepKind.INVEST,
    StepKind.DELIVER,
    StepKind.DECLINE,
    StepKind.HAND_OVER,
)
MOST_STEPS = 12
KEPT, BROKEN, MOVED = "kept", "broken", "moved"


class GoalForm(KeyedForm):
    """What is to be reached, and at least."""

    goal = line_field(_("Was wollen Sie hier erreichen?"), longest=300)
    minimum = line_field(
        _("Und mindestens?"),
        longest=300,
        placeholder=_("zum Beispiel: einverstanden, dass ich im Januar wieder frage"),
    )


class PinForm(KeyedForm):
    """The next step and its day, by the seller's own choice."""

    step = choice_field(_("Welcher Schritt?"), [], required=True)
    on = day_field(_("An welchem Tag?"), required=True)
    reason = line_field(_("Warum? (freiwillig)"))

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        names = [(kind.value, labels.step_name(kind)) for kind in PINNABLE]
        self.fields["step"].choices = names  # type: ignore[attr-defined]

    def clean_on(self) -> Any:
        if self.cleaned_data["on"] < self.today:
            raise forms.ValidationError(_("Bitte heute oder einen Tag danach wählen."))
        return self.cleaned_data["on"]


class CadenceForm(KeyedForm):
    """An own rhythm; an empty one ends it."""

    workdays = line_field(
        _("Nach wie vielen Arbeitstagen jeweils?"),
        placeholder=_("zum Beispiel: 3, 5, 10, 20"),
    )

    def clean_workdays(self) -> list[int]:
        words = re.split(r"[\s,;]+", self.cleaned_data["workdays"].strip())
        days = [int(word) for word in words if re.fullmatch(r"\d{1,3}", word)]
        is_plain = len(days) == len([word for word in words if word])
        if not is_plain or len(days) > MOST_STEPS or not all(0 < n <= LONGEST_PAUSE for n in days):
            raise forms.ValidationError(_("Bitte Zahlen von 1 bis 250, durch Kommas getrennt."))
        return days


class PointForm(KeyedForm):
    """An open point: whose, what, until when."""

    side = choice_field(
        _("Wer ist dran?"),
        [("ours", _("wir")), ("theirs", _("der Kunde"))],
        required=True,
        initial="ours",
    )
    what = line_field(_("Was ist zu tun?"), required=True, longest=500)
    until = line_field(
        _("Bis wann? (freiwillig)"),
        longest=100,
        placeholder=_("28.11., Ende nächster Woche, nach Ostern"),
    )
    due = day_field(_("oder am Tag"))

    def __init__(self, *args: Any, on: date, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.region = on, region

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        words = cleaned.pop("until", "")
        if words:
            cleaned["due"] = self._last_day(words)
        return cleaned

    def _last_day(self, words: str) -> date | None:
        """The day itself, or the last one of the days that the words mean."""
        words = re.sub(r"^bis (zum? )?", "", words, flags=re.IGNORECASE)
        with suppress(ValueError):
            return datetime.strptime(words, "%d.%m.%Y").date()  # noqa: DTZ007 - a day, no moment
        window = window_in(words, on=self.on, region=self.region)
        if window is None:
            self.add_error("until", _("Das ergibt keinen Zeitraum. Bitte ein Datum wählen."))
        return window[1] if window else None


class PointStateForm(KeyedForm):
    """What became of an open point."""

    state = choice_field(
        _("Was ist daraus geworden?"),
        [
            (KEPT, _("erledigt")),
            (BROKEN, _("wird nichts mehr")),
            (MOVED, _("neuer Tag")),
        ],
        required=True,
    )
    due = day_field(_("bis wann (leer: ohne festen Tag)"))


class KeyPointForm(KeyedForm):
    """What the customer shall keep in mind."""

    text = line_field(_("Was soll der Kunde im Kopf behalten?"), required=True, longest=300)
    importance = choice_field(
        _("Wie wichtig?"),
        [("2", _("sehr")), ("1", _("normal")), ("0.5", _("nebenbei"))],
        initial="1",
    )


class ConsentForm(WishForm):
    """To what the customer agreed, in which words, and over which way they were heard."""

    agreed = line_field(
        _("Mit welchen Worten?"),
        longest=500,
        placeholder=_("leer: ein einfacher Satz, der es festhält"),
    )
    heard_on = choice_field(_("Wie haben Sie es gehört?"), CHANNELS, required=True, initial="call")
    heard = day_field(_("an welchem Tag (leer: heute)"))
    channel = choice_field(
        _("Wie dürfen Sie sich melden?"),
        [*CHANNELS, ("", _("auf jedem Weg"))],
        initial=Channel.CALL.value,
    )
    scope = choice_field(
        _("Wozu?"),
        [
            (ConsentScope.FOLLOW_UP, _("in dieser Sache wieder fragen")),
            (ConsentScope.ADVERTISING, _("auch mit anderen Angeboten")),
        ],
        required=True,
        initial=ConsentScope.FOLLOW_UP.value,
    )
    field_order = ["agreed", "heard_on", "heard", "channel", "scope", "words", "start", "end"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("condition", "no_reason"):
            del self.fields[name]
        self.fields["words"].label = _("Wann dürfen Sie sich melden? In Worten (freiwillig)")
        self.fields["start"].label = _("oder frühestens")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("scope") == ConsentScope.ADVERTISING and not cleaned.get("agreed"):
            self.add_error("agreed", _("Für Werbung braucht es den Wortlaut."))
        if cleaned.get("heard") and cleaned["heard"] > self.on:
            self.add_error("heard", _("Dieser Tag kommt erst noch."))
        return cleaned


class WithdrawalForm(KeyedForm):
    """A consent that holds no more."""

    words = line_field(_("Was hat der Kunde gesagt? (freiwillig)"), longest=500)


class MentionForm(KeyedForm):
    """What a customer told about themselves."""

    what = line_field(_("Was hat der Kunde von sich erzählt?"), required=True, longest=500)


class DroppingForm(KeyedForm):
    """Nothing to choose: the question is the title."""


class AddressForm(DeskForm):
    """How a person is spoken to."""

    tone = choice_field(_("Sie oder du?"), [("", _("offen")), ("sie", _("Sie")), ("du", _("du"))])
    salutation = choice_field(
        _("Anrede"), [("", _("offen")), ("frau", _("Frau")), ("herr", _("Herr"))]
    )
