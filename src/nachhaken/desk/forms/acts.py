"""What is done with an opportunity: an outcome, later, otherwise, over, alive again."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.choices import (
    AGAIN,
    CHANNELS,
    NO_REASONS,
    OUR_REASONS,
    SAID,
    UNHEARD,
)
from nachhaken.desk.forms.fields import READABLE, KeyedForm, choice_field, day_field, line_field
from nachhaken.desk.forms.partings import ComebackForm, PartingForm
from nachhaken.desk.statements import CONDITIONAL, stated
from nachhaken.desk.wishes import window_in
from nachhaken.terms import Channel, Intent, NoReason, OurReason, OutcomeKind, StepKind
from nachhaken.timeline import Statement

_OURS = frozenset({OutcomeKind.STOPPED, OutcomeKind.DECLINED})


class WindowForm(KeyedForm):
    """When the customer wants to hear from us, on what condition, or why not at all."""

    start = day_field(_("frühestens"))
    end = day_field(_("spätestens"))
    condition = line_field(
        _("Woran hängt es?"),
        longest=1_000,
        placeholder=_("zum Beispiel: Gutachten, Budgetfreigabe"),
    )
    no_reason = choice_field(_("Warum nicht?"), NO_REASONS)
    conditional = CONDITIONAL

    def window(self) -> tuple[date, date] | None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        first, last = start or end, end or start
        return (first, last) if first and last else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("Das liegt vor dem Anfang."))
        return cleaned

    def statement(self, intent: str) -> Statement:
        cleaned = self.cleaned_data
        return stated(
            Intent(intent),
            window=self.window(),
            condition=cleaned["condition"],
            no_reason=NoReason(cleaned["no_reason"]) if cleaned["no_reason"] else None,
            conditional=self.conditional,
        )


class WishForm(WindowForm):
    """The window in words too, said on the day `on` by a customer in `region`."""

    words = line_field(_("In Worten"), placeholder=_("zum Beispiel: nach Ostern, KW 12"))

    def __init__(self, *args: Any, on: date, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.region = on, region

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if window := self.wished("words"):
            cleaned["start"], cleaned["end"] = window
        return cleaned

    def wished(self, name: str) -> tuple[date, date] | None:
        """The days that the words in this field mean; it is said where they mean none."""
        words = self.cleaned_data.get(name)
        window = window_in(words, on=self.on, region=self.region) if words else None
        if words and window is None:
            self.add_error(name, _("Das ergibt keinen Zeitraum. Bitte ein Datum wählen."))
        return window


class OutcomeForm(PartingForm, WishForm):
    """What came of a step; three taps are enough."""

    result = choice_field(
        _("Was kam heraus?"), [*UNHEARD, *SAID, ("said", _("in eigenen Worten"))], required=True
    )
    again = choice_field(_("Wann wieder?"), AGAIN)
    channel = choice_field(_("Auf welchem Weg?"), CHANNELS, required=True)
    minutes = forms.IntegerField(
        label=_("Vorarbeit dabei, Minuten"), required=False, min_value=0, max_value=6000
    )
    note = line_field(_("Eine Zeile dazu (freiwillig)"), longest=500, help_text=READABLE)

    def __init__(self, *args: Any, step: StepKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        self.fields["result"].error_messages["required"] = _("Bitte wählen, was herauskam.")

    @property
    def is_ours(self) -> bool:
        """The no in this talk is our own."""
        return self.step is StepKind.DECLINE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("result") == "said" and not cleaned.get("note"):
            self.add_error("note", _("Bitte schreiben, was der Kunde gesagt hat."))
        return cleaned

    def window(self) -> tuple[date, date] | None:
        again = self.cleaned_data.get("again", "")
        if again in {"", "dates"} or self.cleaned_data.get("words"):
            return super().window()
        if again == "week":
            monday = self.on + timedelta(days=7 - self.on.weekday())
            return monday, monday + timedelta(days=6)
        if again == "weeks":
            return self.on + timedelta(days=14), self.on + timedelta(days=21)
        return months_after(self.on, 2), months_after(self.on, 3)

    def outcome(self) -> dict[str, Any]:
        """What `record_outcome` wants to know."""
        cleaned = self.cleaned_data
        result, channel = cleaned["result"], Channel(cleaned["channel"])
        is_unheard = result in dict(UNHEARD)
        if result == "wrote" and channel in {Channel.CALL, Channel.MEETING}:
            channel = Channel.MAIL
        return {
            "key": cleaned["key"],
            "channel": channel,
            "reached": result if is_unheard else "reached",
            "statement": None if is_unheard or result == "said" else self.statement(result),
            "text": cleaned["note"],
            "minutes": cleaned["minutes"] or 0,
            "parting": self.parting(result=result, step=self.step),
        }


class SnoozeForm(KeyedForm):
    """Later: when, and why."""

    when = choice_field(
        _("Wann soll es wieder hier stehen?"),
        [
            ("1", _("morgen")),
            ("7", _("in einer Woche")),
            ("14", _("in zwei Wochen")),
            ("30", _("in einem Monat")),
            ("date", _("am …")),
        ],
        required=True,
        initial="7",
    )
    until = day_field(_("Datum"))
    reason = line_field(_("Warum? (freiwillig)"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (days := cleaned.get("when", "")).isdecimal():
            cleaned["until"] = self.today + timedelta(days=int(days))
        elif "until" in cleaned and (not cleaned["until"] or cleaned["until"] <= self.today):
            self.add_error("until", _("Bitte einen Tag nach heute wählen."))
        return cleaned


class DecisionForm(KeyedForm):
    """Another step than the proposed one."""

    chosen = choice_field(_("Was wollen Sie stattdessen tun?"), [], required=True)

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(str(kind), name) for kind, name in choices]  # type: ignore[attr-defined]


class ClosingForm(ComebackForm):
    """How it ended."""

    outcome = choice_field(
        _("Wie ist es ausgegangen?"),
        [
            (OutcomeKind.WON, _("Auftrag erhalten")),
            (OutcomeKind.LOST, _("Der Kunde hat abgesagt")),
            (OutcomeKind.STOPPED, _("Ich lasse los: kein ernster Interessent")),
            (OutcomeKind.DECLINED, _("Ich habe selbst abgesagt")),
        ],
        required=True,
    )
    no_reason = choice_field(_("Woran lag es? (freiwillig)"), NO_REASONS)
    our_reason = choice_field(_("Was war Ihr Grund? (freiwillig)"), OUR_REASONS)
    referred_to = line_field(_("Wen haben Sie empfohlen? (freiwillig)"))
    note = line_field(_("Eine Zeile dazu (freiwillig)"), longest=500, help_text=READABLE)

    def ending(self) -> dict[str, Any]:
        """What `close` wants to know; what does not belong to the chosen end is left out."""
        cleaned, outcome = self.cleaned_data, OutcomeKind(self.cleaned_data["outcome"])
        is_no, is_ours = outcome is not OutcomeKind.WON, outcome is OutcomeKind.DECLINED
        theirs = cleaned["no_reason"] if is_no and not is_ours else ""
        ours = cleaned["our_reason"] if outcome in _OURS else ""
        return {
            "outcome": outcome,
            "no_reason": NoReason(theirs) if theirs else None,
            "our_reason": OurReason(ours) if ours else None,
            "comeback": self.back() if is_no else "",
            "referred_to": cleaned["referred_to"] if is_ours else "",
            "note": cleaned["note"],
        }


class ReopenForm(KeyedForm):
    """Alive again: because of what it was waiting for (`comeback`), or for another reason."""

    has_come = forms.BooleanField(required=False)
    reason = line_field(_("Warum? (freiwillig)"))

    def __init__(self, *args: Any, comeback: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comeback = comeback
        self.fields["has_come"].label = _("Eingetreten ist: %(what)s") % {"what": comeback}
        if not comeback:
            del self.fields["has_come"]

    def why(self) -> str:
        """The reason in words; what it was waiting for stands first."""
        has_come = self.cleaned_data.get("has_come")
        parts = (self.comeback if has_come else "", self.cleaned_data["reason"])
        return ": ".join(part for part in parts if part)


def months_after(day: date, months: int) -> date:
    """The same day some months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))
