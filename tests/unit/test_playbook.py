"""Reading the playbook's tables, filling their texts, finding a refusal."""

from types import MappingProxyType

import pytest

from nachhaken.playbook.filling import faults_of, fill, in_voice, needs
from nachhaken.playbook.finding import find
from nachhaken.playbook.tables import PlaybookError, playbook, read_tables, with_own
from nachhaken.playbook.values import Answer, Scene, Script, Voice
from nachhaken.terms import Form, Intent

SAID = """
say.sie = "Guten Tag, {name}. *Wie steht es?*"
say.du = "Hallo {name}. *Wie steht es?*"
say.swiss = "Grüezi {name}. *Wie steht es?*"
say.en = "Hello, {name}. *How is it?*"
"""
SCRIPT = f"""
[[script]]
key = "what.open"
scene = "what"
angle = "offen"
angle_en = "openly"
hears = ["vague"]
{SAID}
"""
BRANCH = f"""
[[branch]]
key = "vague"
intent = "later_vague"
hears.de = "Mal sehen."
hears.en = "We will see."
then = ["vague"]
{SAID}
"""
REFUSAL = f"""
[[refusal]]
key = "too_expensive"
hears.de = ["zu teuer"]
hears.en = ["too expensive"]
[[refusal.answer]]
key = "too_expensive.why"
angle = "womit verglichen"
angle_en = "compared with what"
{SAID}
"""
REPEAT = f"""
[[repeat]]
key = "story.one"
form = "story"
{SAID.replace("Guten Tag, {name}", "Dazu: {point}")}
"""
QUESTION = f"""
[[question]]
key = "season"
when = ["autumn"]
fits = ["any"]
{SAID.replace("say.", "ask.")}
"""
SAMPLE = {
    "branches.toml": BRANCH,
    "questions.toml": QUESTION,
    "refusals.toml": REFUSAL,
    "repeats.toml": REPEAT,
    "scripts_a.toml": SCRIPT,
}
OWN = Script(
    key="own.1",
    scene=Scene.WHAT,
    say=MappingProxyType({Voice.SIE: "Was muss heißen, dass es „passt“, {name}?"}),
    angle=MappingProxyType({"de": "mein Satz", "en": "mein Satz"}),
)


def test_the_tables_become_values() -> None:
    book = read_tables(SAMPLE)
    script = book.scripts["what.open"]
    assert (script.scene, script.nth, script.hears) == (Scene.WHAT, 0, ("vague",))
    assert script.angle == {"de": "offen", "en": "openly"}
    assert set(script.say) == set(Voice)
    assert book.branches["vague"].intent is Intent.LATER_VAGUE
    assert book.branches["vague"].then == ("vague",)
    assert book.refusals["too_expensive"].answers[0].key == "too_expensive.why"
    assert book.questions["season"].when == {"autumn"}
    assert book.repeats["story.one"].form is Form.STORY


def test_the_shipped_playbook_is_read_once() -> None:
    assert playbook() is playbook()


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("scripts_a.toml", 'scene = "what"', 'scene = "why"', "scripts_a.toml: script 'what.open'"),
        ("scripts_a.toml", "say.du", "say.dutzend", "say.du is missing"),
        ("scripts_a.toml", '["vague"]', '["vogue"]', "no branch is called 'vogue'"),
        ("scripts_a.toml", "{name}. *Wie", "{nome}. *Wie", "no placeholder is called nome"),
        ("scripts_a.toml", 'angle = "offen"', "", "angle is missing"),
        ("scripts_a.toml", "hears = [", 'nth = "2"\nhears = [', "nth is no whole number"),
        ("branches.toml", 'key = "vague"', "", "key is missing"),
        ("branches.toml", "later_vague", "later", "intent cannot be 'later'"),
        ("branches.toml", 'then = ["vague"]', "then = [1]", "then is no list of words"),
        ("refusals.toml", '["zu teuer"]', '"zu teuer"', "hears.de is no list of words"),
        ("refusals.toml", "[[refusal.answer]]", "[[refusal.words]]", "there is no answer"),
        ("repeats.toml", '"story"', '"song"', "form cannot be 'song'"),
        ("questions.toml", "[[question]]", "[[poem]]", "there are no rows called 'poem'"),
        ("questions.toml", "ask.sie", "ask.sie = = ", "questions.toml: "),
    ],
)
def test_a_fault_names_its_file_and_row(file: str, old: str, new: str, told: str) -> None:
    assert old in SAMPLE[file]
    with pytest.raises(PlaybookError, match=r"\.toml") as fault:
        read_tables({**SAMPLE, file: SAMPLE[file].replace(old, new, 1)})
    assert told in str(fault.value)
    assert file in str(fault.value)


def test_a_key_stands_once() -> None:
    with pytest.raises(PlaybookError, match="the key stands twice"):
        read_tables({**SAMPLE, "scripts_b.toml": SCRIPT})


def test_e5_own_words_stand_beside_the_shipped_ones() -> None:
    mine = Answer(key="own.2", say=OWN.say, angle=OWN.angle)
    book = with_own(read_tables(SAMPLE), [OWN], {"too_expensive": [mine], "gone": [mine]})
    assert list(book.scripts) == ["what.open", "own.1"]
    assert book.scripts["own.1"].hears == ("vague",)
    assert [a.key for a in book.refusals["too_expensive"].answers] == [
        "too_expensive.why",
        "own.2",
    ]
    assert list(read_tables(SAMPLE).scripts) == ["what.open"]


def test_a_text_is_cut_at_the_question_that_matters() -> None:
    assert fill("Hallo {name}. *Was fehlt?* Danke.", {"name": "Rosa"}) == (
        ("Hallo Rosa. ", False),
        ("Was fehlt?", True),
        (" Danke.", False),
    )
    assert fill("*Was fehlt {name}*, ehrlich?", {"name": "Rosa"}) == (
        ("Was fehlt Rosa", True),
        (", ehrlich?", False),
    )


def test_a_text_with_something_unknown_is_not_offered() -> None:
    assert needs("{name}, {offered}") == {"name", "offered"}
    assert fill("{name}, {offered}", {"name": "Rosa"}) is None
    assert fill("{name}, {offered}", {"name": "Rosa", "offered": ""}) is None


@pytest.mark.parametrize(
    ("text", "faults"),
    [("{name}", ()), ("{nome} {name", ("nome", "{")), ("a } b", ("}",)), ("{}", ("{", "}"))],
)
def test_a_fault_of_an_own_text_is_told_and_never_said(text: str, faults: tuple[str, ...]) -> None:
    assert faults_of(text) == faults
    assert (fill(text, {"name": "Rosa"}) is None) is bool(faults)


def test_an_odd_asterisk_marks_nothing() -> None:
    assert fill("3 * 4 ist 12", {}) == (("3  4 ist 12", False),)


@pytest.mark.parametrize(
    ("voice", "said"),
    [
        (Voice.SIE, "Sie sagten ‚später‘."),
        (Voice.SWISS, "Sie sagten ‹später›."),
        (Voice.ENGLISH, "Sie sagten ‘später’."),
    ],
)
def test_quotations_within_a_line_get_inner_marks(voice: Voice, said: str) -> None:
    assert fill("Sie sagten „später“.", {}, voice) == ((said, False),)
    assert fill('Sie sagten "später".', {}, voice) == ((said, False),)


def test_what_customers_write_does_not_look_like_our_signs() -> None:
    told = {"said": 'ein "*{name}*"\nund „mehr“'}
    assert fill("‚{said}‘", told) == (("‚ein (name) und mehr‘", False),)


def test_a_missing_voice_is_not_made_up() -> None:
    assert in_voice(OWN.say, Voice.SWISS) == "Was muss heissen, dass es „passt“, {name}?"
    assert in_voice(OWN.say, Voice.DU) is None
    assert in_voice(OWN.say, Voice.ENGLISH) is None


@pytest.mark.parametrize(
    ("heard", "wording"),
    [
        ("te", "zu teuer"),
        ("hart", "Sie sind aber hartnäckig"),
        ("zu te", "zu teuer"),
        ("we mel", ""),
        ("wir mel", "wir melden uns"),
        ("spaeter", "später vielleicht"),
        ("SPÄT", "später vielleicht"),
        ("zeit", "keine Zeit"),
    ],
)
def test_e5_two_letters_of_a_word_find_the_refusal(heard: str, wording: str) -> None:
    found = find(playbook().refusals.values(), heard, "de")
    assert any(wording in refusal.hears["de"] for refusal in found) is bool(wording)


def test_e5_letters_within_a_word_find_nothing() -> None:
    assert find(playbook().refusals.values(), "euer", "de") == ()


def test_nothing_typed_finds_everything_in_order() -> None:
    refusals = tuple(playbook().refusals.values())
    assert find(refusals, " ", "de") == refusals
    assert find(refusals, "expens", "en") != ()
    assert find(refusals, "zu teuer", "en") == ()
