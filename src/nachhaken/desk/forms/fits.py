"""Rating a customer, what one rates by, and how a job went."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.fits import LONGEST_NAME, MOST_CRITERIA, Criterion
from nachhaken.desk.forms.fields import DeskForm, KeyedForm, MoneyField, choice_field, line_field
from nachhaken.desk.pages_fit import AskedRow, EvidenceRow, JobPage, RatingPage

MOST_HOURS = 10_000
YES, NO = "yes", "no"


def marks_choices() -> list[tuple[str, str]]:
    """The answers to a criterion, the best first."""
    return [("1", now_("passt")), ("0", now_("geht so")), ("-1", now_("passt nicht"))]


def energy_choices() -> list[tuple[str, str]]:
    """How one felt after the talk, the best first."""
    return [("1", now_("gibt Kraft")), ("0", now_("neutral")), ("-1", now_("kostet Kraft"))]


class RatingForm(KeyedForm):
    """One question for each criterion, the own energy last; nothing has to be answered."""

    note = line_field(_("Notiz (freiwillig)"), longest=500)

    def __init__(self, *args: Any, page: RatingPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        unknown = ("", now_("weiß nicht"))
        for row in page.asked:
            self.fields[_name(row.key)] = choice_field(row.name, [*marks_choices(), unknown])
            self.initial[_name(row.key)] = "" if row.points is None else str(row.points)
        self.fields["energy"] = choice_field(
            _("Ihre Kraft nach dem Gespräch"), [*energy_choices(), unknown]
        )
        self.initial["energy"] = "" if page.energy is None else str(page.energy)
        self.initial["note"] = page.note
        self.fields["evidence"] = forms.MultipleChoiceField(
            choices=[(one.value, one.words) for one in page.evidence], required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.marks() and not cleaned["energy"]:
            self.add_error(None, now_("Bitte wenigstens eine Frage beantworten."))
        return cleaned

    def questions(self) -> Iterator[tuple[forms.BoundField, AskedRow | None]]:
        """Each question with its criterion; the energy has none."""
        for row in self.page.asked:
            yield self[_name(row.key)], row
        yield self["energy"], None

    def marks(self) -> dict[str, int]:
        """The points by criterion; what was ticked counts where nothing was answered."""
        said = {row.key: self.cleaned_data[_name(row.key)] for row in self.page.asked}
        answered = {key: int(points) for key, points in said.items() if points}
        return self._ticked_marks(set(said)) | answered

    def energy(self) -> int | None:
        """How one felt; None where it was not answered."""
        return int(self.cleaned_data["energy"]) if self.cleaned_data["energy"] else None

    def evidence(self) -> set[int]:
        """The replies that were ticked."""
        return {one.entry_id for one in self._ticked()}

    def _ticked(self) -> Iterator[EvidenceRow]:
        ticked = self.cleaned_data["evidence"]
        return (one for one in self.page.evidence if one.value in ticked)

    def _ticked_marks(self, keys: set[str]) -> dict[str, int]:
        sums: dict[str, int] = {}
        for one in self._ticked():
            if one.criterion in keys:
                sums[one.criterion] = sums.get(one.criterion, 0) + one.points
        return {key: max(-1, min(1, total)) for key, total in sums.items()}


class CriteriaForm(DeskForm):
    """The names of the criteria; an empty name is one less."""

    def __init__(self, *args: Any, known: tuple[Criterion, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = [*known, *[Criterion("", "")] * MOST_CRITERIA][:MOST_CRITERIA]
        for number, one in enumerate(self.known, 1):
            label = now_("Merkmal %(n)s") % {"n": number}
            self.fields[f"name{number}"] = line_field(label, longest=LONGEST_NAME)
            self.fields[f"key{number}"] = forms.CharField(
                required=False, max_length=100, widget=forms.HiddenInput
            )
            self.initial[f"name{number}"], self.initial[f"key{number}"] = one.name, one.key

    def wanted(self) -> list[Criterion]:
        """What is asked for from now on, in this order."""
        cleaned = self.cleaned_data
        found = [
            Criterion(cleaned[f"key{number}"], cleaned[f"name{number}"].strip())
            for number in range(1, MOST_CRITERIA + 1)
        ]
        return [one for one in found if one.name]


class JobForm(KeyedForm):
    """Hours planned and worked, what was left, and whether the limits held."""

    planned = forms.DecimalField(
        label=_("Geplante Stunden"),
        required=False,
        min_value=0,
        max_value=MOST_HOURS,
        localize=True,
    )
    worked = forms.DecimalField(
        label=_("Gebrauchte Stunden"),
        required=False,
        min_value=0,
        max_value=MOST_HOURS,
        localize=True,
    )
    margin_cents = MoneyField(
        required=False,
        help_text=_("Preis ohne Steuer minus Material und fremde Leistung; Ihre Stunden nicht"),
    )
    again = choice_field(_("Würden Sie diesen Kunden wieder nehmen?"), [])
    note = line_field(_("Ein Satz dazu (freiwillig)"), longest=500)

    def __init__(self, *args: Any, page: JobPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.fields["margin_cents"].label = now_("Was blieb übrig, %(currency)s") % {
            "currency": page.currency
        }
        answers = [(YES, now_("ja")), (NO, now_("nein"))]
        self.fields["again"].choices = answers  # type: ignore[attr-defined]
        held = [(YES, now_("gehalten")), (NO, now_("nicht gehalten"))]
        for number, limit in enumerate(page.limits):
            self.fields[f"kept{number}"] = choice_field(limit, held)
        self.initial.update(_known(page))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kept = [cleaned.get(f"kept{number}") for number in range(len(self.page.limits))]
        if any(kept) and not all(kept):
            self.add_error(None, now_("Bitte zu jeder Grenze sagen, ob sie gehalten hat."))
        some = (cleaned.get("planned"), cleaned.get("worked"), cleaned.get("margin_cents"))
        said = (cleaned.get("again"), cleaned.get("note"), *kept)
        if not self.errors and some == (None,) * 3 and not any(said):
            self.add_error(None, now_("Bitte wenigstens eine Frage beantworten."))
        return cleaned

    def said(self) -> dict[str, Any]:
        """What goes into the command."""
        cleaned = self.cleaned_data
        kept = [cleaned[f"kept{number}"] for number in range(len(self.page.limits))]
        return {
            "key": cleaned["key"],
            "planned_minutes": _minutes(cleaned["planned"]),
            "worked_minutes": _minutes(cleaned["worked"]),
            "margin_cents": cleaned["margin_cents"],
            "again": cleaned["again"] == YES if cleaned["again"] else None,
            "kept": tuple(one == YES for one in kept) if all(kept) else (),
            "note": cleaned["note"],
        }


def _name(key: str) -> str:
    return f"mark-{key}"


def _minutes(hours: Any) -> int | None:
    return None if hours is None else round(hours * 60)


def _hours(minutes: int | None) -> float | None:
    return None if minutes is None else round(minutes / 60, 2)


def _known(page: JobPage) -> dict[str, Any]:
    """What was said last, to be corrected rather than typed again."""
    kept = {f"kept{number}": YES if held else NO for number, held in enumerate(page.kept)}
    margin = page.margin_cents
    return {
        "planned": _hours(page.planned_minutes),
        "worked": _hours(page.worked_minutes),
        "margin_cents": "" if margin is None else f"{margin / 100:g}",
        "again": {True: YES, False: NO}.get(page.again, "") if page.again is not None else "",
        "note": page.note,
        **kept,
    }
