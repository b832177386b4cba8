import pytest

from nachhaken.reading.conditions import Condition, choose_condition, find_conditions
from nachhaken.reading.text import fold
from nachhaken.terms import Intent

# A sentence, and the piece that names what must happen.
NAMED = [
    ("Melden Sie sich, sobald das Budget freigegeben ist.", "sobald das Budget freigegeben ist"),
    ("Erst wenn der Stadtrat zugestimmt hat, geht es weiter.", "wenn der Stadtrat zugestimmt hat"),
    ("Das Thema ruht bis zur Aufsichtsratssitzung.", "bis zur Aufsichtsratssitzung"),
    ("Nach der Hausmesse haben wir wieder Luft dafür.", "Nach der Hausmesse"),
    ("Vor der Abnahme durch den TÜV bestelle ich nichts.", "Vor der Abnahme durch den TÜV"),
    ("Wir warten noch auf den Förderbescheid.", "warten noch auf den Förderbescheid"),
    ("Da muss erst der Vermieter zustimmen.", "muss erst der Vermieter zustimmen"),
    ("Unser Wartungsvertrag läuft noch bis Ende März.", "Unser Wartungsvertrag läuft noch"),
    ("Ist der Kran abgebaut, können Sie kommen.", "Ist der Kran abgebaut"),
    ("wann da chef zruck is, red ma weiter", "wann da chef zruck is"),
    ("sobald d Gmeind zuegseit het, mached mer wiiter", "sobald d Gmeind zuegseit het"),
    ("bis die neue Leiterin anfängt ruht hier alles", "bis die neue Leiterin anfängt"),
    ("Hr. Kurz: Budget erst im Jan. frei, dann wieder anrufen.", "Budget erst"),
    ("Call me once the board has approved it.", "once the board has approved it"),
    ("Nothing happens until the lease is signed.", "until the lease is signed"),
    ("After the merger we can talk again.", "After the merger"),
    ("Solange der Betriebsrat nicht zustimmt, geht gar nichts.", "Solange der Betriebsrat nicht"),
    ("Ohne Baugenehmigung fangen wir nicht an.", "Ohne Baugenehmigung"),
]
# Nobody could look at the world and say that this has happened.
VAGUE = [
    "Melden Sie sich, wenn es ruhiger ist.",
    "Wenn wir so weit sind, rufen wir an.",
    "Wenn ich wieder Zeit habe, gern.",
    "Bis Ende Mai habe ich keine Zeit.",
    "Rufen Sie in zwei Monaten wieder an.",
    "Nach Ostern gern.",
    "When things are quieter, maybe.",
]
TERMS = [
    ("Wenn Sie uns 3 % Skonto geben, unterschreibe ich.", "Wenn Sie uns 3 % Skonto geben"),
    ("Uns fehlt nur noch der Versicherungsnachweis.", "fehlt nur noch der Versicherungsnachweis"),
    ("Bei 30 Tagen Zahlungsziel sind wir uns einig.", "Bei 30 Tagen Zahlungsziel"),
    ("If you can do 60 days payment, we will sign.", "If you can do 60 days payment"),
]


def chosen(text: str, intent: Intent) -> str | None:
    folded = fold(text)
    one = choose_condition(find_conditions(folded.text), intent)
    if one is None:
        return None
    span = folded.span(one.start, one.end)
    return text[span.start : span.end]


def best_weight(text: str) -> float:
    found = find_conditions(fold(text).text)
    return max((one.weight for one in found if not one.is_term), default=0.0)


@pytest.mark.parametrize(("text", "piece"), NAMED)
def test_what_must_happen_is_found(text: str, piece: str) -> None:
    found = chosen(text, Intent.STALLED_NAMED)
    assert found is not None
    assert piece in found or found in piece


@pytest.mark.parametrize("text", VAGUE)
def test_what_nobody_can_check_weighs_less_than_any_named_event(text: str) -> None:
    assert best_weight(text) < min(best_weight(named) for named, _ in NAMED)


@pytest.mark.parametrize(("text", "piece"), TERMS)
def test_terms_and_missing_papers_are_conditions_of_an_engaged_reply(text: str, piece: str) -> None:
    found = chosen(text, Intent.ENGAGED)
    assert found is not None
    assert piece in found


@pytest.mark.parametrize(
    "text",
    [
        "Wie lange ist die Lieferzeit?",
        "Wir haben noch Fragen zur Montage.",
        "Treffen wir uns am Dienstag um zehn.",
        "Erst wenn der Stadtrat zugestimmt hat, geht es weiter.",
    ],
)
def test_questions_and_other_peoples_deeds_are_no_terms(text: str) -> None:
    assert chosen(text, Intent.ENGAGED) is None


@pytest.mark.parametrize("intent", [Intent.YES, Intent.NO, Intent.LATER_VAGUE, Intent.OTHER])
def test_other_intents_state_no_condition(intent: Intent) -> None:
    assert chosen("Sobald das Budget freigegeben ist.", intent) is None


def test_a_stalled_reply_with_nothing_but_a_term_states_the_term() -> None:
    term = Condition(0, 4, is_term=True, weight=3.0)
    assert choose_condition([term], Intent.STALLED_NAMED) is term
    named = Condition(5, 9, is_term=False, weight=1.0)
    assert choose_condition([term, named], Intent.STALLED_NAMED) is named
    assert choose_condition([], Intent.STALLED_NAMED) is None


@pytest.mark.parametrize(
    ("text", "leading"),
    [
        ("Geht erst nach der Abnahme.", "erst"),
        ("Aber der Gemeinderat muss noch zustimmen.", "Aber"),
        ("Der Aufsichtsrat tagt am 3. Mai.", "3. Mai"),
        ("Solange flicken wir, bis die Halle verkauft ist.", "Solange"),
    ],
)
def test_erst_and_dates_do_not_belong_to_the_piece(text: str, leading: str) -> None:
    found = chosen(text, Intent.STALLED_NAMED)
    assert found is not None
    assert leading not in found


def test_candidates_come_best_first_and_lie_in_the_text() -> None:
    text = fold("Der Vorstand tagt im Mai, und sobald er zugestimmt hat, bestellen wir.").text
    found = find_conditions(text)
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "?", "wenn", "bis", "as", "nach", "1.", "(", "%"]
)
def test_crumbs_name_nothing(text: str) -> None:
    assert find_conditions(text) == []
