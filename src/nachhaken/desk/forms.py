"""What people type and choose: checked here, written by commands."""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.terms import Channel, Intent, NoReason, OutcomeKind
from nachhaken.timeline import Statement

SAID = [
    (Intent.YES, _("Ja, Auftrag")),
    (Intent.ENGAGED, _("Interesse, offene Fragen")),
    (Intent.STALLED_NAMED, _("Später – nennt, woran es hängt")),
    (Intent.LATER_VAGUE, _("Später – ohne Grund")),
    (Intent.NONCOMMITTAL, _("Weiß noch nicht")),
    (Intent.REQUOTE, _("Will noch ein Angebot")),
    (Intent.REFERRAL, _("Jemand anderes ist zuständig")),
    (Intent.NO, _("Nein")),
    (Intent.OPT_OUT, _("Will nicht mehr kontaktiert werden")),
]
UNHEARD = [
    ("not_reached", _("nicht erreicht")),
    ("voicemail", _("Mailbox")),
    ("wrote", _("Mail geschrieben")),
]
NO_REASONS = [
    (NoReason.PRICE, _("Preis")),
    (NoReason.COMPETITOR, _("anderer Anbieter")),
    (NoReason.COMPARISON_ONLY, _("nur Vergleich gesucht")),
    (NoReason.NO_BUDGET, _("kein Budget")),
    (NoReason.NO_NEED, _("kein Bedarf mehr")),
    (NoReason.TIMING, _("Zeitpunkt")),
    (NoReason.INTERNAL, _("machen es selbst")),
    (NoReason.TRUST_FIT, _("passt nicht zusammen")),
    (NoReason.UNKNOWN, _("weiß ich nicht")),
]
AGAIN = [
    ("", _("offen")),
    ("week", _("nächste Woche")),
    ("weeks", _("in 2–3 Wochen")),
    ("months", _("in 2–3 Monaten")),
    ("dates", _("Datum …")),
]
CHANNELS = [
    (Channel.CALL, _("Anruf")),
    (Channel.MAIL, _("Mail")),
    (Channel.MEETING, _("Treffen")),
    (Channel.MESSAGE, _("Nachricht")),
    (Channel.LETTER, _("Brief")),
]


class DayInput(forms.DateInput):
    """The browser's own calendar; it wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=DayInput(), input_formats=["%Y-%m-%d", "%d.%m.%Y"]
    )


def _line(
    label: Any, *, required: bool = False, longest: int = 200, **attrs: Any
) -> forms.CharField:
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, required=required, max_length=longest, widget=widget)


def _radio(
    label: Any, choices: Any, *, required: bool = False, initial: str = ""
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(str(value), name) for value, name in choices],
        required=required,
        widget=forms.RadioSelect,
        initial=initial,
    )


def new_key() -> str:
    return str(uuid4())


class DeskForm(forms.Form):
    """A label is a label, without a colon behind it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class KeyedForm(DeskForm):
    """A form that counts once, however often it is sent."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput, initial=new_key)


class WindowForm(KeyedForm):
    """When the customer wants to hear from us, on what condition, or why not at all."""

    start = _day(_("frühestens"))
    end = _day(_("spätestens"))
    condition = _line(
        _("Woran hängt es?"), placeholder=_("zum Beispiel: Gutachten, Budgetfreigabe")
    )
    no_reason = _radio(_("Warum nicht?"), NO_REASONS)

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
        is_no = intent == Intent.NO
        return Statement(
            intent=Intent(intent),
            callback=self.window(),
            condition=cleaned["condition"] or None if intent == Intent.STALLED_NAMED else None,
            no_reason=NoReason(cleaned["no_reason"]) if is_no and cleaned["no_reason"] else None,
        )


class OutcomeForm(WindowForm):
    """What came of a step; three taps are enough."""

    result = _radio(
        _("Was kam heraus?"), [*UNHEARD, *SAID, ("said", _("in eigenen Worten"))], required=True
    )
    again = _radio(_("Wann wieder?"), AGAIN)
    channel = _radio(_("Auf welchem Weg?"), CHANNELS, required=True)
    minutes = forms.IntegerField(
        label=_("Vorarbeit dabei, Minuten"), required=False, min_value=0, max_value=6000
    )
    note = _line(_("Eine Zeile dazu (freiwillig)"), longest=500)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["result"].error_messages["required"] = _("Bitte wählen, was herauskam.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("result") == "said" and not cleaned.get("note"):
            self.add_error("note", _("Bitte schreiben, was der Kunde gesagt hat."))
        return cleaned

    def window(self) -> tuple[date, date] | None:
        again = self.cleaned_data.get("again", "")
        if again in {"", "dates"}:
            return super().window()
        if again == "week":
            monday = self.today + timedelta(days=7 - self.today.weekday())
            return monday, monday + timedelta(days=6)
        if again == "weeks":
            return self.today + timedelta(days=14), self.today + timedelta(days=21)
        return months_after(self.today, 2), months_after(self.today, 3)

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
        }


class StatementForm(WindowForm):
    """What a reply really means."""

    intent = _radio(
        _("Was meint der Kunde?"),
        [*SAID, (Intent.AUTO_REPLY, _("automatische Antwort")), (Intent.OTHER, _("etwas anderes"))],
        required=True,
    )


class SnoozeForm(KeyedForm):
    """Later: when, and why."""

    when = _radio(
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
    until = _day(_("Datum"))
    reason = _line(_("Warum? (freiwillig)"))

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

    chosen = _radio(_("Was wollen Sie stattdessen tun?"), [], required=True)

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(str(kind), name) for kind, name in choices]  # type: ignore[attr-defined]


class EffortForm(KeyedForm):
    """Own work before the decision."""

    minutes = forms.IntegerField(label=_("Minuten"), min_value=1, max_value=6000)
    what = _line(_("Wofür? (freiwillig)"), placeholder=_("zum Beispiel: Aufmaß, Kalkulation"))


class ClosingForm(KeyedForm):
    """How it ended."""

    outcome = _radio(
        _("Wie ist es ausgegangen?"),
        [
            (OutcomeKind.WON, _("Auftrag erhalten")),
            (OutcomeKind.LOST, _("Der Kunde hat abgesagt")),
            (OutcomeKind.STOPPED, _("Ich lasse los: kein ernster Interessent")),
        ],
        required=True,
    )
    no_reason = _radio(_("Woran lag es? (freiwillig)"), NO_REASONS)
    note = _line(_("Eine Zeile dazu (freiwillig)"), longest=500)


class ReopenForm(KeyedForm):
    """Alive again."""

    reason = _line(_("Warum? (freiwillig)"))


class MoneyField(forms.CharField):
    """An amount as people write it: 1.234,50, 1234.50, 1 234 €. The value is cents."""

    def to_python(self, value: Any) -> Any:
        text = "".join(char for char in str(value or "") if char.isdigit() or char in ",.-")
        if not text:
            return None
        try:
            cents = Decimal(_plain_number(text)) * 100
        except InvalidOperation:
            raise forms.ValidationError(_("Das ist kein Betrag.")) from None
        if not 0 <= cents < 10**13:
            raise forms.ValidationError(_("Das ist kein Betrag."))
        return int(cents.to_integral_value())


class OpportunityForm(KeyedForm):
    """A new opportunity, by hand."""

    prospect = _line(_("Kunde"), required=True, autocomplete="organization")
    title = _line(_("Worum geht es?"), required=True, placeholder=_("zum Beispiel: Balkongeländer"))
    person = _line(_("Ansprechpartner"), autocomplete="off")
    phone = _line(_("Telefon"), longest=50, inputmode="tel", autocomplete="off")
    mail = forms.EmailField(label=_("E-Mail"), required=False, max_length=254)
    place = _line(_("Ort"), longest=120)
    amount = MoneyField(label=_("Angebot netto, EUR"), required=False)
    number = _line(_("Angebotsnummer"), longest=60)
    sent_on = _day(_("gesendet am"))
    valid_until = _day(_("gültig bis"))
    is_consumer = forms.BooleanField(label=_("Privatkunde"), required=False)


class ImportForm(DeskForm):
    """A file of the user's own."""

    file = forms.FileField(
        label=_("Datei"),
        help_text=_("Tabelle (xlsx, csv), Postfach (mbox, eml) oder Kalender (ics), bis 25 MB"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.mbox,.eml,.ics,.txt"}),
    )


class StartForm(DeskForm):
    """The owner of a fresh desk."""

    name = _line(_("Ihr Name"), required=True, autocomplete="name")
    mail = forms.EmailField(
        label=_("E-Mail"), max_length=150, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Passwort"),
        help_text=_("mindestens zehn Zeichen"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class SettingsForm(DeskForm):
    """The user's own numbers."""

    language = _radio(_("Sprache"), [("de", "Deutsch"), ("en", "English")], required=True)
    margin = forms.IntegerField(
        label=_("Was von einem Auftrag übrig bleibt, in Prozent"),
        help_text=_("nach Material und Löhnen; daraus folgt, was Nachfragen wert ist"),
        min_value=1,
        max_value=100,
    )
    hour_eur = forms.IntegerField(
        label=_("Was Ihre Stunde wert ist, in EUR"),
        help_text=_("so viel kostet es, wenn Sie telefonieren statt zu arbeiten"),
        min_value=1,
        max_value=1000,
    )


def months_after(day: date, months: int) -> date:
    """The same day some months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


def _plain_number(text: str) -> str:
    """Take the last mark with one or two digits behind it for the decimal mark."""
    head, mark, tail = text.rpartition("," if text.rfind(",") > text.rfind(".") else ".")
    if mark and len(tail) in {1, 2}:
        return f"{head.replace(',', '').replace('.', '')}.{tail}"
    return text.replace(",", "").replace(".", "")
