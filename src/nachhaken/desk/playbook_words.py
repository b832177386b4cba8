"""The parts of the playbook, its voices and its slots in words."""

from django.utils.translation import gettext_lazy as _

from nachhaken.playbook.values import Scene, Voice

REFUSALS, QUESTIONS = "refusals", "questions"

# In the order of a sale: from the first talk to a clear end.
SCENES = {
    Scene.FIRST_TALK: _("Erstes Gespräch"),
    Scene.FIRST_FOLLOW_UP: _("Erste Nachfrage"),
    Scene.FOLLOW_UP: _("Weitere Nachfragen"),
    Scene.CALL_BACK: _("Rückruf wie vereinbart"),
    Scene.VOICEMAIL: _("Auf der Mailbox"),
    Scene.WHAT: _("WAS-Frage"),
    Scene.WHAT_REQUOTE: _("Vor dem nächsten Angebot"),
    Scene.WHEN: _("Tag ausmachen"),
    Scene.CONDITION: _("Bedingung prüfen"),
    Scene.PERSONAL: _("Persönliche Frage erbitten"),
    Scene.CLARIFY: _("Offen klären"),
    Scene.CONSENT: _("Einwilligung erbitten"),
    Scene.ANSWER: _("Fragen beantworten"),
    Scene.DELIVER: _("Zugesagtes bringen"),
    Scene.ADAPT: _("Angebot anpassen"),
    Scene.CONFIRM: _("Auftrag bestätigen"),
    Scene.REASON: _("Grund einer Absage"),
    Scene.THANKS: _("Danken nach der Absage"),
    Scene.REOPEN: _("Wieder aufnehmen"),
    Scene.REFERRED: _("Verwiesen an andere"),
    Scene.DECLINE: _("Selbst absagen"),
    Scene.HAND_OVER: _("An Kollegen übergeben"),
}
PARTS = {
    **{scene.value: name for scene, name in SCENES.items()},
    REFUSALS: _("Einwände"),
    QUESTIONS: _("Offene Fragen"),
}
VOICES = {
    Voice.SIE: _("Sie"),
    Voice.DU: _("Du"),
    Voice.SWISS: _("Schweiz"),
    Voice.ENGLISH: _("Englisch"),
}
SLOTS = {
    "name": _("Name"),
    "me": _("Ihr Name"),
    "company": _("Ihr Betrieb"),
    "topic": _("Vorgang"),
    "offered": _("Tag des Angebots"),
    "last": _("Tag des letzten Kontakts"),
    "window": _("genannte Zeit"),
    "condition": _("genannte Bedingung"),
    "said": _("letzte Worte"),
    "promised": _("unsere Zusage"),
    "told": _("von sich erzählt"),
    "point": _("Schlüsselpunkt"),
    "colleague": _("Kollege"),
    "amount": _("Betrag"),
}
