"""What can be chosen: what a customer says, why not, when again, by which way."""

from django.utils.translation import gettext_lazy as _

from nachhaken.terms import Channel, Intent, NoReason, Origin, OurReason

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
ORIGINS = [
    ("", _("offen lassen")),
    (Origin.RECOMMENDATION, _("auf Empfehlung")),
    (Origin.INQUIRY, _("eigene Anfrage")),
    (Origin.REGULAR, _("schon Kunde")),
    (Origin.OWN_CALL, _("von uns angesprochen")),
    (Origin.ADVERT, _("Messe oder Anzeige")),
]
OUR_REASONS = [
    (OurReason.FIT, _("passt nicht zu uns")),
    (OurReason.CAPACITY, _("keine Zeit dafür")),
    (OurReason.SCOPE, _("machen wir nicht")),
    (OurReason.PRICE, _("rechnet sich nicht")),
    (OurReason.PAYMENT, _("Zahlung unsicher")),
    (OurReason.CHANCE, _("kaum Aussicht")),
    (OurReason.OTHER, _("anderer Grund")),
]
# What would have to be otherwise for a customer to come back.
BACK_IF = [
    ("", _("weiß ich nicht")),
    ("budget", _("das Budget da ist")),
    ("time", _("der Zeitpunkt besser passt")),
    ("decision", _("im Haus entschieden ist")),
    ("price", _("der Preis ein anderer ist")),
    ("scope", _("der Umfang ein anderer ist")),
    ("permit", _("die Genehmigung da ist")),
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
