"""The sentences that define the labels, and those that would embarrass the desk if misread."""

from datetime import date

import pytest

from nachhaken.reading import read
from nachhaken.terms import Intent

CANON = [
    ("opt_out", "Bitte streichen Sie mich aus Ihrem Verteiler."),
    ("opt_out", "Rufen Sie hier nie wieder an!"),
    ("auto_reply", "Ich bin bis 14.8. nicht im Büro."),
    ("yes", "Passt, bitte beauftragen Sie das."),
    ("yes", "Ja, machen wir so. Wann können Sie anfangen?"),
    ("yes", "Auftrag erteilt!"),
    ("no", "Wir haben uns für einen Mitbewerber entschieden."),
    ("no", "Wir möchten den Auftrag leider nicht erteilen."),
    ("no", "Wir haben den Auftrag bereits anderweitig vergeben."),
    ("no", "Danke, aber wir brauchen das nicht mehr."),
    ("no", "Zu teuer, sorry."),
    ("referral", "Da müssen Sie mit Frau Kunz vom Einkauf reden."),
    ("requote", "Können Sie das nochmal mit 50 Stück rechnen, und einmal ohne Montage?"),
    ("engaged", "Wenn wir beim Zahlungsziel auf 30 Tage kommen, sind wir uns einig."),
    ("engaged", "Bevor wir bestellen, eine Frage: Ist die Montage im Preis enthalten?"),
    ("engaged", "Können wir uns nächste Woche treffen und die Details besprechen?"),
    ("stalled_named", "Erst wenn das Budget im Januar freigegeben ist."),
    ("stalled_named", "Erst wenn das Budget im Januar freigegeben ist, können wir bestellen."),
    ("stalled_named", "Sobald die Baugenehmigung da ist, können wir den Auftrag erteilen."),
    ("later_vague", "Rufen Sie mich in 2-3 Monaten wieder an."),
    ("later_vague", "Hr. Maier meint, ich soll mich im Herbst nochmal melden"),
    ("later_vague", "Im neuen Jahr gerne wieder."),
    ("noncommittal", "Ich kann noch nichts sagen, wir melden uns."),
    ("noncommittal", "Schicken Sie mir doch mal Unterlagen."),
    ("noncommittal", "Wir sind noch am Überlegen."),
    ("other", "Anbei die Rechnung vom März."),
]


@pytest.mark.parametrize(("intent", "text"), CANON)
def test_the_canon_is_read_as_it_is_meant(intent: str, text: str) -> None:
    assert read(text, reference=date(2026, 11, 20)).intent is Intent(intent)
