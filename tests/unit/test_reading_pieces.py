import pytest

from nachhaken.reading.reasons import find_reason
from nachhaken.reading.signals import find_signals
from nachhaken.reading.text import fold
from nachhaken.terms import NoReason, Signal

REASONS = [
    ("Sie waren uns am Ende einfach zu teuer.", NoReason.PRICE),
    ("Um des Geld mach i's selber ned, aber lassen ma's.", NoReason.PRICE),
    ("You came in 20 % above the next bid.", NoReason.PRICE),
    ("Dafür krieg ich ja ein neues Auto.", NoReason.PRICE),
    ("Der Auftrag ging an einen Betrieb aus Kempten.", NoReason.COMPETITOR),
    ("We went with another agency.", NoReason.COMPETITOR),
    ("Mir bruuched s nümm, merci.", NoReason.NO_NEED),
    ("Das Fest wurde abgesagt.", NoReason.NO_NEED),
    ("Der Kämmerer hat uns die Mittel gestrichen.", NoReason.NO_BUDGET),
    ("Es is koa Geld do.", NoReason.NO_BUDGET),
    ("There is no money left this year.", NoReason.NO_BUDGET),
    ("20 Wochen Lieferzeit sind uns nicht möglich.", NoReason.TIMING),
    ("Leider zu spät, wir mussten gestern entscheiden.", NoReason.TIMING),
    ("Das macht jetzt unser eigener Bauhof.", NoReason.INTERNAL),
    ("Mein Schwager legt uns die Fliesen selber.", NoReason.INTERNAL),
    ("The group has decided to bring it in-house.", NoReason.INTERNAL),
    ("Wir brauchten drei Angebote für die Akten.", NoReason.COMPARISON_ONLY),
    ("Ihr habt uns letztes Jahr hängen lassen.", NoReason.TRUST_FIT),
    ("Ihr Berater hat meine Frau ausgelacht.", NoReason.TRUST_FIT),
    ("I don't trust your company after the last job.", NoReason.TRUST_FIT),
]
SIGNALS = [
    ("Noch ein Anruf, sonst meldet sich mein Anwalt!", Signal.DISRESPECT),
    ("Ihr Vollpfosten, lasst mich in Ruhe.", Signal.DISRESPECT),
    ("Stop texting me, you creep.", Signal.DISRESPECT),
    ("Am Preis müssen Sie noch was machen.", Signal.PRICE_PRESSURE),
    ("15 % weniger, sonst brauchen wir nicht reden.", Signal.PRICE_PRESSURE),
    ("Can you sharpen your pencil?", Signal.PRICE_PRESSURE),
    ("Das wäre jetzt die fünfte Variante, bitte bis morgen.", Signal.EXCESSIVE_DEMAND),
    ("Planen Sie uns das vorab kostenlos durch.", Signal.FREE_WORK),
    ("Eine Vergütung ist nicht vorgesehen.", Signal.FREE_WORK),
    ("We would want a free trial for six weeks.", Signal.FREE_WORK),
    ("Ihr Entwurf hat uns sehr gefallen.", Signal.APPRECIATION),
    ("Your drawings were the best I have seen.", Signal.APPRECIATION),
    ("Unter uns: nächstes Jahr ziehen wir um.", Signal.OPENNESS),
    ("Wir sind von 8 auf 15 Leute gewachsen.", Signal.OPENNESS),
    ("Bitte heute noch jemanden schicken, sonst steht alles still.", Signal.URGENCY),
    ("Ich brauche das bis Freitag, sonst steht die Halle leer.", Signal.URGENCY),
]
PLAIN = [
    "Vielen Dank für Ihr Angebot.",
    "Der Preis ist in Ordnung.",
    "Unser Anwalt prüft gerade den Vertrag.",
    "Bitte rufen Sie am Montag an.",
    "Wir haben keine Eile.",
    "Leider war die Mühe umsonst.",
    "In urgent cases please contact my colleague.",
    "So schön schreiben kann nicht jeder, wir melden uns.",
    "Der Monat war eine Frechheit.",
    "Was kostet die Wartung?",
]


@pytest.mark.parametrize(("text", "reason"), REASONS)
def test_reason_is_read(text: str, reason: NoReason) -> None:
    found = find_reason(fold(text).text)
    assert found is not None
    assert found.reason is reason


@pytest.mark.parametrize(
    "text", ["Wir sagen ab.", "Leider nein.", "Das wird nichts mit uns zwei.", "No, sorry.", ""]
)
def test_bare_refusal_gives_no_reason(text: str) -> None:
    assert find_reason(fold(text).text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Ein anderer Anbieter war deutlich billiger.", NoReason.PRICE),
        ("Zu teuer, und die Lieferzeit war auch zu lang.", NoReason.PRICE),
        ("Die Lieferzeit von 20 Wochen war zu lang, und teuer war es auch.", NoReason.TIMING),
    ],
)
def test_first_reason_counts_and_a_competitor_only_alone(text: str, reason: NoReason) -> None:
    found = find_reason(fold(text).text)
    assert found is not None
    assert found.reason is reason


def test_reason_that_no_phrase_shows_stands_in_the_sentence_that_speaks_most_for_it() -> None:
    text = "Guten Tag. Wir hatten mit euch nur Ärger."
    found = find_reason(fold(text).text)
    assert found is not None
    assert (found.reason, found.rule) == (NoReason.TRUST_FIT, "")
    assert text[found.start : found.end] == "Wir hatten mit euch nur Ärger."


def test_reason_has_its_place() -> None:
    text = "Danke, aber das ist uns zu teuer."
    found = find_reason(fold(text).text)
    assert found is not None
    assert text[found.start : found.end] == "zu teuer"


@pytest.mark.parametrize(("text", "signal"), SIGNALS)
def test_signal_is_shown(text: str, signal: Signal) -> None:
    assert signal in {one.signal for one in find_signals(fold(text).text)}


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_show_no_signal(text: str) -> None:
    assert find_signals(fold(text).text) == []


def test_each_signal_stands_once_at_its_first_place() -> None:
    text = fold("Bitte kostenlos planen. Und unter uns: auch der Entwurf gratis.").text
    found = find_signals(text)
    assert [one.signal for one in found] == [Signal.FREE_WORK, Signal.OPENNESS]
    assert text[found[0].start : found[0].end] == "bitte kostenlos planen."
