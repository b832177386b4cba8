"""An offer as it is typed: its head, its positions row by row, how it was sent, and the habits."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.amounts import PriceField, QuantityField
from nachhaken.desk.forms.fields import (
    DeskForm,
    KeyedForm,
    choice_field,
    day_field,
    line_field,
)
from nachhaken.desk.models import OfferDraft
from nachhaken.desk.offering import CURRENCIES
from nachhaken.desk.papers import positions_of
from nachhaken.desk.speech import language
from nachhaken.plan.totals import RATES, line_cents
from nachhaken.terms import Channel
from nachhaken.timeline import Position

MOST_POSITIONS = 200
MOST_DAYS = 730
_LONGEST_TEXT = 5000
_LONGEST_POSITION = 1000
_LONGEST_TOKEN = 6
_COUNTRIES = {"DE": _("Deutschland"), "AT": _("Österreich"), "CH": _("Schweiz")}
_POINTS = str.maketrans(",.", ".,")
BY_HAND = [
    (Channel.LETTER, _("mit der Post")),
    (Channel.MEETING, _("persönlich übergeben")),
    (Channel.MAIL, _("mit dem eigenen Mailprogramm")),
    (Channel.MESSAGE, _("als Nachricht")),
]


def _rate_choices(*, empty: Any) -> list[tuple[Any, Any]]:
    groups: list[tuple[Any, Any]] = [
        (name, [(str(rate), _percent(rate)) for rate in RATES[country] if rate])
        for country, name in _COUNTRIES.items()
    ]
    return [("", empty), *groups, ("0", _("0 %, ohne MwSt."))]


def _percent(permille: int) -> str:
    return f"{number_format(Decimal(permille) / 10, use_l10n=True)} %"


class PositionForm(DeskForm):
    """One row of the offer."""

    text = forms.CharField(
        label=_("Leistung"),
        required=False,
        max_length=_LONGEST_POSITION,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    quantity = QuantityField(
        label=_("Menge"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    unit = line_field(_("Einheit"), longest=20, placeholder=_("m, Std."))
    price = PriceField(
        label=_("Einzelpreis"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    vat = forms.ChoiceField(label=_("MwSt. der Position"), required=False)
    optional = forms.BooleanField(label=_("wahlweise, nicht in der Summe"), required=False)

    def __init__(self, *args: Any, token: str, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"p{token}", **kwargs)
        self.token = token
        self.fields["vat"].choices = _rate_choices(empty=_("wie das Angebot"))  # type: ignore[attr-defined]

    @property
    def is_empty(self) -> bool:
        """Nothing is typed but what stands there by itself."""
        return not any(str(self[name].value() or "").strip() for name in ("text", "price"))

    @property
    def has_details(self) -> bool:
        """What is seldom needed is set."""
        return bool(self["vat"].value() or self["optional"].value() or self["vat"].errors)

    @property
    def sum_cents(self) -> int | None:
        """What the row comes to, None where it is not whole."""
        position = self.position() if self.is_bound and self.is_valid() else None
        return line_cents(position) if position else self.initial.get("sum")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.is_empty and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", _("Bitte ein paar Worte dazu, wofür der Preis ist."))
        return cleaned

    def position(self) -> Position | None:
        """The row as a value; None where it is empty."""
        cleaned = self.cleaned_data
        if self.is_empty:
            return None
        return Position(
            text=cleaned["text"],
            unit_cents=cleaned["price"] or 0,
            quantity=cleaned["quantity"],
            unit=cleaned["unit"],
            vat_permille=int(cleaned["vat"]) if cleaned["vat"] else None,
            is_optional=cleaned["optional"],
        )


class PositionRows:
    """The rows in their order; each bears a token, so that one can go and the others stay."""

    def __init__(self, rows: Sequence[PositionForm]) -> None:
        self.rows = rows or [PositionForm(token="0")]  # noqa: S106 - no secret

    @classmethod
    def of(cls, draft: OfferDraft) -> "PositionRows":
        """Return the rows of what is kept, with an empty one behind them."""
        kept = [
            PositionForm(token=str(index), initial=_shown(position))
            for index, position in enumerate(positions_of(draft))
        ]
        return cls([*kept, PositionForm(token=str(len(kept)))])

    @classmethod
    def posted(cls, data: QueryDict, *, without: str = "", more: bool = False) -> "PositionRows":
        """Return the rows as they were typed, less the one `without`, or with an empty one more."""
        tokens = [
            t
            for t in data.getlist("row")
            if t.isascii() and t.isdecimal() and len(t) <= _LONGEST_TOKEN
        ]
        tokens = list(dict.fromkeys(tokens))[:MOST_POSITIONS]
        rows = [PositionForm(data, token=token) for token in tokens if token != without]
        if more and len(rows) < MOST_POSITIONS:
            rows.append(PositionForm(token=str(max((int(t) for t in tokens), default=-1) + 1)))
        return cls(rows)

    def is_valid(self) -> bool:
        """Say whether every row can be kept."""
        return all(row.is_valid() for row in self.rows if row.is_bound)

    def positions(self) -> tuple[Position, ...]:
        """Return the rows as values, empty ones left out."""
        found = (row.position() for row in self.rows if row.is_bound)
        return tuple(position for position in found if position)


class OfferForm(DeskForm):
    """The offer around its positions."""

    number = line_field(_("Nummer"), longest=60, autocomplete="off")
    title = line_field(_("Worum geht es?"), longest=200)
    opening = forms.CharField(
        label=_("Einleitung"),
        required=False,
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    net = PriceField(
        label=_("Betrag netto, wenn es keine Positionen gibt"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    currency = forms.ChoiceField(label=_("Währung"), choices=[(c, c) for c in CURRENCIES])
    vat = forms.ChoiceField(label=_("MwSt."), required=False)
    valid_until = day_field(_("gültig bis"))
    closing = forms.CharField(
        label=_("Schluss"),
        required=False,
        max_length=_LONGEST_TEXT,
        help_text=_("Zahlungsziel, Lieferzeit, bei 0 % der Grund dafür"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    document = forms.FileField(
        label=_("Eigenes PDF"),
        required=False,
        help_text=_("statt des Papiers von hier, bis 20 MB"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vat"].choices = _rate_choices(empty=_("keine Angabe"))  # type: ignore[attr-defined]

    @staticmethod
    def shown(draft: OfferDraft) -> dict[str, Any]:
        """What the fields show of a draft."""
        rate = draft.vat_permille
        return {
            "number": draft.number,
            "title": draft.title,
            "opening": draft.opening,
            "closing": draft.closing,
            "net": _typed_cents(draft.net_cents),
            "currency": draft.currency,
            "vat": "" if rate is None else str(rate),
            "valid_until": draft.valid_until,
        }

    def typed(self) -> dict[str, object]:
        """What can be kept of what was typed, by the names of the draft."""
        names: Mapping[str, str] = {"net": "net_cents", "vat": "vat_permille"}
        cleaned = {k: v for k, v in self.cleaned_data.items() if k != "document"}
        if "vat" in cleaned:
            cleaned["vat"] = int(cleaned["vat"]) if cleaned["vat"] else None
        return {names.get(key, key): value for key, value in cleaned.items()}


class SentForm(KeyedForm):
    """How and when an offer went out already."""

    channel = choice_field(
        _("Auf welchem Weg?"), BY_HAND, required=True, initial=str(Channel.LETTER)
    )
    sent_on = day_field(_("Wann?"), required=True)
    with_paper = forms.BooleanField(label=_("Das PDF von hier war dabei"), required=False)

    def clean_sent_on(self) -> Any:
        day = self.cleaned_data["sent_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(
                _("Das liegt in der Zukunft. Was noch nicht weg ist, bleibt ein Entwurf.")
            )
        return day


class HabitsForm(DeskForm):
    """What a new offer begins with."""

    days = forms.IntegerField(
        label=_("So viele Tage gilt ein Angebot"), min_value=1, max_value=MOST_DAYS
    )
    opening = forms.CharField(
        label=_("Einleitung"),
        required=False,
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    closing = forms.CharField(
        label=_("Schluss"),
        required=False,
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    five_rappen = forms.BooleanField(
        label=_("Beträge in Franken auf 5 Rappen runden, wie es Bargeld braucht"), required=False
    )


def _is_token(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_TOKEN


def _shown(position: Position) -> dict[str, Any]:
    rate = position.vat_permille
    return {
        "text": position.text,
        "quantity": _in_language(f"{position.quantity:.15g}"),
        "unit": position.unit,
        "price": _typed_cents(position.unit_cents),
        "vat": "" if rate is None else str(rate),
        "optional": position.is_optional,
        "sum": line_cents(position),
    }


def _typed_cents(cents: int | None) -> str:
    """An amount as it stands on paper, which can be typed so again: 1.234,50."""
    return "" if cents is None else _in_language(f"{cents / 100:,.2f}")


def _in_language(number: str) -> str:
    return number if language() == "en" else number.translate(_POINTS)
