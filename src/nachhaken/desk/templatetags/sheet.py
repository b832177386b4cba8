"""The call sheet's words: scenes, forms, shares, and the language that is spoken."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nachhaken.desk import labels
from nachhaken.desk.speech import speak
from nachhaken.desk.templatetags.pictures import icon
from nachhaken.plan.sheet_values import CallSheet, Known, Line
from nachhaken.plan.words import frequency
from nachhaken.playbook.values import Scene, Voice
from nachhaken.terms import Form

register = template.Library()

_LANGUAGES = {Voice.SIE: "de", Voice.DU: "de", Voice.SWISS: "de-CH", Voice.ENGLISH: "en"}


@register.filter
def voice_language(voice: Voice) -> str:
    """The language in which the customer is spoken to; it decides how quotes look."""
    return _LANGUAGES[voice]


@register.filter
def said(line: Line) -> SafeString:
    """What is said, its question strong; a sheet has two hundred lines, so no template for each."""
    return format_html_join(
        "",
        "{}",
        ((format_html("<strong>{}</strong>", p.text) if p.strong else p.text,) for p in line.parts),
    )


@register.filter
def branches(keys: Iterable[str], sheet: CallSheet) -> SafeString:
    """What the customer may answer, as links to the turns."""
    link = '<li><a href="#turn-{}"><q>{}</q>{}</a></li>'
    chevron = icon("next")
    links = format_html_join("", link, ((key, sheet.turns[key].hears, chevron) for key in keys))
    return format_html('<ul class="branches" lang="{}">{}</ul>', voice_language(sheet.voice), links)


@register.filter
def share_word(share: float) -> str:
    """A share of what was understood, as a person would say it."""
    return speak(frequency(share))


@register.filter
def form_word(form: Form) -> str:
    return labels.word(labels.FORMS[form])


@register.filter
def known_word(known: Known) -> str:
    """What kind of thing is known, before the day it is from."""
    return {
        "asked": _("Anfrage"),
        "offered": _("Angebot"),
        "said": _("Gesagt"),
        "promised": _("Zugesagt"),
        "told": _("Erzählt"),
    }[known.what]


@register.filter
def scene_word(scene: Scene) -> str:
    """What the words of the sheet are, as a heading."""
    return _words()[scene]


def _words() -> dict[Scene, str]:
    return {
        Scene.FIRST_TALK: _("Dann zur Sache"),
        Scene.FIRST_FOLLOW_UP: _("Dann zum Angebot"),
        Scene.FOLLOW_UP: _("Dann der neue Anlass"),
        Scene.CALL_BACK: _("Dann, wie vereinbart"),
        Scene.WHAT: _("Dann die WAS-Frage"),
        Scene.WHAT_REQUOTE: _("Vor dem nächsten Angebot"),
        Scene.CONDITION: _("Dann die Bedingung"),
        Scene.WHEN: _("Dann der Tag"),
        Scene.CLARIFY: _("Dann offen klären"),
        Scene.PERSONAL: _("Darf ich etwas Persönliches fragen?"),
        Scene.REASON: _("Dann der Grund"),
        Scene.THANKS: _("Danken, Tür offen lassen"),
        Scene.REOPEN: _("Dann: wieder ein Thema?"),
        Scene.ADAPT: _("Dann das Angebot anpassen"),
        Scene.DECLINE: _("Freundlich absagen"),
        Scene.HAND_OVER: _("Übergeben"),
        Scene.ANSWER: _("Dann die Antworten"),
        Scene.CONFIRM: _("Den Auftrag festmachen"),
        Scene.REFERRED: _("Sich vorstellen"),
        Scene.DELIVER: _("Bringen, was zugesagt ist"),
        Scene.VOICEMAIL: _("Auf der Mailbox"),
        Scene.CONSENT: _("Um Erlaubnis bitten"),
    }
