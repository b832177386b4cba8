"""The vocabularies in words, German and English, for chips, lists and the timeline."""

from datetime import date

from django.utils.dateformat import format as write

from nachhaken.desk.speech import language, speak
from nachhaken.learning.insight.values import Band, Ending
from nachhaken.plan.offers import OfferStatus
from nachhaken.plan.values import Phrase
from nachhaken.reading.words import DOUBTS, INTENTS, NO_REASONS, SIGNALS
from nachhaken.terms import Channel, Form, Intent, Origin, OurReason, OutcomeKind, StepKind, Truth

__all__ = ["CHANNELS", "DOUBTS", "INTENTS", "NO_REASONS", "OUTCOMES", "SIGNALS", "TRUTH_OF_INTENT"]

TRUTH_OF_INTENT: dict[Intent, Truth | None] = {
    Intent.YES: Truth.GENUINE,
    Intent.ENGAGED: Truth.GENUINE,
    Intent.STALLED_NAMED: Truth.STALLED,
    Intent.REFERRAL: Truth.STALLED,
    Intent.LATER_VAGUE: Truth.PRETEND,
    Intent.NONCOMMITTAL: Truth.PRETEND,
    Intent.REQUOTE: Truth.PRETEND,
    Intent.NO: Truth.LOST,
    Intent.OPT_OUT: Truth.LOST,
    Intent.AUTO_REPLY: None,
    Intent.OTHER: None,
}
OUTCOMES = {
    OutcomeKind.WON: ("Auftrag", "won"),
    OutcomeKind.LOST: ("Absage", "declined"),
    OutcomeKind.STOPPED: ("losgelassen", "let go"),
    OutcomeKind.DECLINED: ("abgesagt", "turned down"),
    OutcomeKind.OPTED_OUT: ("kein Kontakt mehr", "no more contact"),
}
CHANNELS = {
    Channel.MAIL: ("E-Mail", "E-mail"),
    Channel.CALL: ("Anruf", "Call"),
    Channel.MEETING: ("Gespräch", "Meeting"),
    Channel.LETTER: ("Brief", "Letter"),
    Channel.MESSAGE: ("Nachricht", "Message"),
}
OFFERS = {
    OfferStatus.SENT: ("gesendet", "sent"),
    OfferStatus.ASKED: ("nachgefragt", "asked about"),
    OfferStatus.REVISED: ("ersetzt", "replaced"),
    OfferStatus.ACCEPTED: ("angenommen", "accepted"),
    OfferStatus.DECLINED: ("abgelehnt", "declined"),
    OfferStatus.EXPIRED: ("abgelaufen", "expired"),
    OfferStatus.WITHDRAWN: ("zurückgezogen", "withdrawn"),
}
ASKING = {
    Channel.MAIL: ("schreiben", "write"),
    Channel.CALL: ("anrufen", "call"),
    Channel.MEETING: ("vorbeikommen", "come by"),
    Channel.LETTER: ("schreiben", "write"),
    Channel.MESSAGE: ("schreiben", "write"),
    None: ("fragen", "ask"),
}
FORMS = {
    Form.CALL: ("im Gespräch", "in a talk"),
    Form.MAIL: ("als Mail", "as a mail"),
    Form.PICTURE: ("als Bild", "as a picture"),
    Form.STORY: ("als Geschichte", "as a story"),
    Form.VISIT: ("beim Besuch", "at a visit"),
}
ORIGINS = {
    Origin.RECOMMENDATION: ("auf Empfehlung", "recommended"),
    Origin.INQUIRY: ("eigene Anfrage", "own inquiry"),
    Origin.REGULAR: ("schon Kunde", "customer before"),
    Origin.OWN_CALL: ("von uns angesprochen", "approached by us"),
    Origin.ADVERT: ("Messe oder Anzeige", "fair or advert"),
}
OUR_REASONS = {
    OurReason.FIT: ("passt nicht zu uns", "does not fit us"),
    OurReason.CAPACITY: ("keine Zeit dafür", "no capacity"),
    OurReason.SCOPE: ("machen wir nicht", "not what we do"),
    OurReason.PRICE: ("rechnet sich nicht", "does not pay"),
    OurReason.PAYMENT: ("Zahlung unsicher", "payment at risk"),
    OurReason.CHANCE: ("kaum Aussicht", "little chance"),
    OurReason.OTHER: ("anderer Grund", "another reason"),
}
ENDINGS = {
    Ending.EARLY_YES: ("Frühes Ja", "Early yes"),
    Ending.LATE_YES: ("Spätes Ja", "Late yes"),
    Ending.EARLY_NO: ("Frühes Nein", "Early no"),
    Ending.LATE_NO: ("Spätes Nein", "Late no"),
}
BANDS = {
    Band.SMALL: ("unter 1.000", "below 1,000"),
    Band.MEDIUM: ("1.000 bis 5.000", "1,000 to 5,000"),
    Band.LARGE: ("5.000 bis 20.000", "5,000 to 20,000"),
    Band.HUGE: ("ab 20.000", "20,000 and more"),
    Band.UNKNOWN: ("ohne Betrag", "no amount"),
}
# What would have to be otherwise for a matter that we refused to begin anew.
COMEBACKS = {
    OurReason.FIT: ("etwas anderes ansteht", "something else comes up"),
    OurReason.CAPACITY: ("wir wieder Zeit haben", "we have time again"),
    OurReason.SCOPE: ("es um etwas geht, das wir machen", "it is about something we do"),
    OurReason.PRICE: ("sich der Rahmen ändert", "the budget changes"),
    OurReason.PAYMENT: ("die Zahlung gesichert ist", "the payment is safe"),
    OurReason.CHANCE: ("es konkret wird", "it gets definite"),
    OurReason.OTHER: ("sich etwas ändert", "something changes"),
}
TEXTS = {
    "fit_rated": ("Wie es passt", "How it fits"),
    "taken_anyway": ("Trotzdem genommen", "Taken anyway"),
    "job_finished": ("Auftrag fertig", "Job done"),
    "hand_over_asked": ("Übergabe angefragt", "Hand-over asked for"),
    "handed_over": ("Übernommen", "Taken over"),
    "hand_over_refused": ("Übergabe abgelehnt", "Hand-over refused"),
    "comeback": ("kommt wieder, wenn: {what}", "comes back if: {what}"),
    "referred_to": ("empfohlen: {whom}", "recommended: {whom}"),
    "open": ("offen", "open"),
    "window": ("Fenster", "window"),
    "condition": ("Bedingung", "condition"),
    "reason": ("Grund", "reason"),
    "opted_out": ("kein Kontakt gewünscht", "wants no contact"),
    "revised": ("ersetzt durch Fassung {version}", "replaced by version {version}"),
    "bounced": ("Mail kam zurück: {address}", "Mail came back: {address}"),
    "bounced_once": ("Mail nicht zugestellt: {address}", "Mail not delivered: {address}"),
    "starred": ("Nummer geprüft: mit Stern eingetragen", "Number checked: starred"),
    "not_starred": ("Nummer geprüft: ohne Stern", "Number checked: not starred"),
    "overruled": ("Trotz Hinweis auf das Recht ({rule})", "In spite of the law's rule ({rule})"),
    "opened": ("Vorgang begonnen", "Opportunity opened"),
    "offer": ("Angebot {number} gesendet", "Offer {number} sent"),
    "offer_plain": ("Angebot gesendet", "Offer sent"),
    "offer_version": ("Fassung {version}", "version {version}"),
    "wrote": ("geschrieben", "written"),
    "reached": ("erreicht", "reached"),
    "wrong_person": ("falsche Person am Apparat", "the wrong person answered"),
    "own_share": ("wir sprachen {percent} %", "we spoke {percent} %"),
    "not_reached": ("nicht erreicht", "not reached"),
    "voicemail": ("auf die Mailbox gesprochen", "left a voicemail"),
    "replied": ("Antwort", "Reply"),
    "noted": ("Aus dem Gespräch", "From the talk"),
    "effort": ("{hours} Std. Vorarbeit", "{hours} h of work in advance"),
    "effort_minutes": ("{minutes} Min. Vorarbeit", "{minutes} min of work in advance"),
    "expenses": ("{money} Auslagen", "{money} of expenses"),
    "met": ("Termin: {title}", "Meeting: {title}"),
    "transcribed": ("Mitschrift: {shares}", "Transcript: {shares}"),
    "transcribed_you": ("Sie", "you"),
    "transcribed_talked": (
        "Wer fragt, hört zu: Hier haben vor allem Sie geredet.",
        "Who asks, listens: here it was mostly you who talked.",
    ),
    "transcribed_even": (
        "Wer fragt, hört zu: Hier sprachen beide etwa gleich viel.",
        "Who asks, listens: here both talked about as much.",
    ),
    "transcribed_heard": (
        "Wer fragt, hört zu: Hier kam vor allem der Kunde zu Wort.",
        "Who asks, listens: here it was mostly the customer who talked.",
    ),
    "transcribed_time": ("Gemessen an der Zeit.", "Measured by time."),
    "transcribed_words": ("Gemessen an den Wörtern.", "Measured by words."),
    "transcribed_agreed": (
        "Einverstanden: {by} am {on}, {how}.",
        "Agreed: {by} on {on}, {how}.",
    ),
    "met_untitled": ("Termin", "Meeting"),
    "promised_us": ("Zugesagt von uns: {what}", "Promised by us: {what}"),
    "promised_them": ("Zugesagt vom Kunden: {what}", "Promised by the customer: {what}"),
    "kept": ("Offener Punkt erledigt", "Open point done"),
    "broken": ("Offener Punkt wird nichts mehr", "Open point given up"),
    "until": ("bis {on}", "until {on}"),
    "moved": ("Offener Punkt auf {on} verlegt", "Open point moved to {on}"),
    "moved_open": ("Offener Punkt ohne festen Tag", "Open point without a fixed day"),
    "consented": ("Einwilligung: {way}", "Consent: {way}"),
    "any_way": ("jeder Weg", "any way"),
    "for_advertising": ("auch für Werbung", "for advertising, too"),
    "withdrawn": ("Einwilligung widerrufen", "Consent withdrawn"),
    "agreed": (
        "{who} ist einverstanden, dass wir wieder {act}.",
        "{who} agrees that we {act} again.",
    ),
    "agreed_when": (
        "{who} ist einverstanden, dass wir {when} wieder {act}.",
        "{who} agrees that we {act} again {when}.",
    ),
    "evidence": (
        "{way}, notiert von {user} am {on} um {clock}",
        "{way}, noted by {user} on {on} at {clock}",
    ),
    "on_day": ("am {on}", "on {on}"),
    "between": ("zwischen dem {start} und dem {end}", "between {start} and {end}"),
    "goal_set": ("Ziel: {goal}", "Goal: {goal}"),
    "goal_unset": ("Ziel wie vom Schritt vorgegeben", "Goal as the step gives it"),
    "at_least": ("mindestens: {minimum}", "at least: {minimum}"),
    "pinned": ("Festgelegt: {step} am {on}", "Fixed: {step} on {on}"),
    "cadence": (
        "Eigener Rhythmus: nach {days} Arbeitstagen",
        "Own rhythm: after {days} working days",
    ),
    "cadence_ends": ("Der Fahrplan gilt wieder", "The plan holds again"),
    "key_point": ("Schlüsselpunkt: {text}", "Key point: {text}"),
    "key_point_dropped": ("Schlüsselpunkt fallen gelassen", "Key point dropped"),
    "conveyed": ("Wiederholt, {form}", "Repeated, {form}"),
    "mentioned": ("Von sich erzählt: {what}", "Told about themselves: {what}"),
    "again": ("Wieder melden: {when}", "Ask again: {when}"),
    "aside_closed": (
        "Der Vorgang wurde inzwischen abgeschlossen: von {by} am {on}.",
        "The opportunity was closed meanwhile: by {by} on {on}.",
    ),
    "aside_recorded": (
        "{by} hat am {on} schon einen Anruf bei diesem Kunden festgehalten.",
        "{by} already noted a call with this customer on {on}.",
    ),
    "since": ("seit {on}", "since {on}"),
    "snoozed": ("Verschoben auf {on}", "Moved to {on}"),
    "gut_dead": ("Bauchgefühl: totes Pferd", "Gut feeling: dead horse"),
    "gut_alive": ("Bauchgefühl: ernsthaft", "Gut feeling: genuine"),
    "opt_out": ("Möchte nicht mehr kontaktiert werden", "Wants no more contact"),
    "opt_out_house": ("das ganze Haus", "the whole house"),
    "on_block_list": ("steht seit {on} auf der Sperrliste", "on the block list since {on}"),
    "reopened": ("Wieder aufgenommen", "Taken up again"),
    "silence": ("{days} Arbeitstage still", "{days} working days of silence"),
    "silence_usual": ("üblich sind {usual}", "{usual} are usual"),
    "by_us": ("wir", "us"),
    "by_them": ("Kunde", "customer"),
    "differs_phone": (
        "Zeile {row}: Für {name} ist die Nummer {known} bekannt; sie bleibt.",
        "Row {row}: for {name} the number {known} is known; it stays.",
    ),
    "differs_role": (
        "Zeile {row}: Für {name} ist „{known}“ bekannt; das bleibt.",
        "Row {row}: for {name} “{known}” is known; it stays.",
    ),
    "objected_in_table": ("steht so in einer Kontaktliste", "says a list of contacts"),
    "no_matter": (
        "Zeile {row}: Zu „{who}“ gibt es keinen Vorgang; der Eintrag fehlt deshalb.",
        "Row {row}: there is no opportunity with “{who}”, so the entry is left out.",
    ),
    "many_matters": (
        "Zeile {row}: Bei „{who}“ passen mehrere Vorgänge; der Eintrag fehlt deshalb.",
        "Row {row}: several opportunities with “{who}” fit, so the entry is left out.",
    ),
    "meeting_untitled": ("Termin", "Meeting"),
    "by_import": ("ein Import", "an import"),
    "left_out": ("{count} Zeilen blieben liegen", "{count} rows were left out"),
    "left_out_one": ("1 Zeile blieb liegen", "1 row was left out"),
    "history": (
        "{offers} Anfragen, {orders} Aufträge",
        "{offers} inquiries, {orders} orders",
    ),
    "history_one": ("1 Anfrage, {orders} Aufträge", "1 inquiry, {orders} orders"),
    "history_order": ("{offers} Anfragen, 1 Auftrag", "{offers} inquiries, 1 order"),
    "history_both": ("1 Anfrage, 1 Auftrag", "1 inquiry, 1 order"),
    "history_none": ("noch nichts abgeschlossen", "nothing decided yet"),
}


def word(pair: tuple[str, str]) -> str:
    """Return the German or the English word of `pair`."""
    return pair[1] if language() == "en" else pair[0]


def text(key: str, **params: object) -> str:
    """Return a text of the table, filled in."""
    return word(TEXTS[key]).format(**params)


def step_name(kind: StepKind) -> str:
    """Return the name of a step by the plan's own table."""
    return speak(Phrase(f"kind.{kind.value}"))


def status(outcome: str) -> str:
    """Return the state of an opportunity in words; `outcome` is "" while open."""
    return word(OUTCOMES[OutcomeKind(outcome)]) if outcome else text("open")


def history(offers: int, orders: int) -> str:
    """Return what this customer asked for and ordered so far, of what was decided."""
    if not offers:
        return text("history_none")
    one = "_both" if (offers, orders) == (1, 1) else "_one" if offers == 1 else ""
    return text(f"history{one or ('_order' if orders == 1 else '')}", offers=offers, orders=orders)


def window(start: date, end: date) -> str:
    """Return from when to when, to stand in a sentence."""
    if start == end:
        return text("on_day", on=day(start))
    return text("between", start=day(start), end=day(end))


def day(on: date) -> str:
    """Return a date as people write it."""
    return write(on, "j F Y" if language() == "en" else "j.n.Y")
