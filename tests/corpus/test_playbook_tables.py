"""The shipped playbook: every text in every voice, typeset, reachable, and enough of each."""

from collections import Counter
from collections.abc import Iterator

import pytest

from nachhaken.plan.likely import BY_INTENT, BY_REASON, BY_SCENE, BY_SIGNAL
from nachhaken.plan.talk import BY_CONSENT, HALF_A_YEAR
from nachhaken.playbook.filling import PLACEHOLDERS, faults_of, needs
from nachhaken.playbook.tables import playbook
from nachhaken.playbook.values import WRITTEN, Said, Scene, Voice
from nachhaken.terms import Form

BOOK = playbook()
LAST_FOLLOW_UP = 6
LONGEST = 75  # words: half a minute
AT_LEAST = {
    Scene.CLARIFY: 3,
    Scene.WHAT: 5,
    Scene.REASON: 4,
    Scene.ADAPT: 3,
    Scene.DECLINE: 4,
    Scene.CONSENT: 4,
    Scene.PERSONAL: 1,
}
# Whoever is called is known; who calls and for whom is as a rule.
_SURE = frozenset({"name"})
_INNER = {Voice.SIE: "‚‘", Voice.DU: "‚‘", Voice.SWISS: "‹›", Voice.ENGLISH: "‘’"}


def spoken() -> Iterator[tuple[str, Said]]:
    yield from ((s.key, s.say) for s in BOOK.scripts.values())
    yield from ((b.key, b.say) for b in BOOK.branches.values())
    yield from ((a.key, a.say) for r in BOOK.refusals.values() for a in r.answers)
    yield from ((q.key, q.ask) for q in BOOK.questions.values())
    yield from ((r.key, r.say) for r in BOOK.repeats.values())


@pytest.mark.parametrize("voice", Voice)
def test_e5_every_text_is_typeset_in_its_voice(voice: Voice) -> None:
    wrong = {key: found for key, said in spoken() if (found := faults(said[voice], voice))}
    assert wrong == {}


def faults(text: str, voice: Voice) -> list[str]:
    others = set("".join(_INNER.values())) - set(_INNER[voice]) - {"’"}
    signs = set('„“”"!«»') | others | ({"ß"} if voice is Voice.SWISS else set())
    return [
        *faults_of(text),
        *sorted(signs.intersection(text)),
        *(wrong for wrong in ("  ", " - ", "...") if wrong in text),
        *([] if text == text.strip() else ["blank"]),
        *([] if text.count("*") in (0, 2) else ["*"]),
    ]


@pytest.mark.parametrize("key", BOOK.scripts)
def test_every_script_has_one_marked_clause_and_is_short(key: str) -> None:
    for voice, text in BOOK.scripts[key].say.items():
        assert text.count("*") == 2, voice
        assert len(text.split()) <= LONGEST, voice


@pytest.mark.parametrize("key", BOOK.scripts)
def test_a_script_needs_the_same_in_every_voice(key: str) -> None:
    """People on du leave out the name and the company; nothing else may differ."""
    said = BOOK.scripts[key].say
    facts = {voice: needs(text) - {"name", "me", "company"} for voice, text in said.items()}
    assert len(set(facts.values())) == 1, facts


def test_every_scene_has_its_versions() -> None:
    found = Counter(script.scene for script in BOOK.scripts.values())
    assert set(found) == set(Scene) - WRITTEN
    assert {scene: found[scene] for scene, least in AT_LEAST.items() if found[scene] < least} == {}


def test_c1_the_silence_has_words_from_the_first_to_the_sixth_follow_up() -> None:
    later = [s for s in BOOK.scripts.values() if s.scene is Scene.FOLLOW_UP]
    first = [s for s in BOOK.scripts.values() if s.scene is Scene.FIRST_FOLLOW_UP]
    assert len(first) + len(later) >= 8
    assert {s.nth for s in later} == set(range(2, LAST_FOLLOW_UP + 1))
    angles = [s.angle["de"] for s in (*first, *later)]
    assert len(set(angles)) == len(angles)


@pytest.mark.parametrize("scene", sorted(set(Scene) - WRITTEN))
@pytest.mark.parametrize("voice", Voice)
def test_each_scene_has_words_where_only_the_name_is_known(scene: Scene, voice: Voice) -> None:
    plain = [s for s in BOOK.scripts.values() if s.scene is scene and needs(s.say[voice]) <= _SURE]
    assert plain


def test_each_follow_up_has_words_where_only_the_name_is_known() -> None:
    plain = {
        s.nth
        for s in BOOK.scripts.values()
        if s.scene is Scene.FOLLOW_UP
        and all(needs(t) <= {"name", "me", "company"} for t in s.say.values())
    }
    assert plain == set(range(2, LAST_FOLLOW_UP + 1))


def test_e5_the_usual_refusals_have_answers_and_wordings() -> None:
    assert len(BOOK.refusals) >= 25
    for refusal in BOOK.refusals.values():
        assert len(refusal.hears["de"]) >= 3, refusal.key
        assert len(refusal.hears["en"]) >= 3, refusal.key


def test_every_branch_is_reachable_and_every_chain_ends() -> None:
    """Whatever the customer says, the talk can end after a few more turns."""
    reached: set[str] = set()
    ahead = [key for script in BOOK.scripts.values() for key in script.hears]
    while ahead:
        key = ahead.pop()
        if key not in reached:
            reached.add(key)
            ahead.extend(BOOK.branches[key].then)
    assert set(BOOK.branches) - reached == set()
    ends = {key for key, branch in BOOK.branches.items() if not branch.then}
    while grown := {k for k, b in BOOK.branches.items() if k not in ends and ends & set(b.then)}:
        ends |= grown
    assert reached - ends == set()


def test_every_script_hears_two_to_five_answers() -> None:
    assert {key for key, s in BOOK.scripts.items() if len(s.hears) not in range(2, 6)} == set()


def test_e2_each_form_has_ways_to_repeat() -> None:
    found = Counter(repeat.form for repeat in BOOK.repeats.values())
    assert all(found[form] >= 2 for form in Form)
    for repeat in BOOK.repeats.values():
        assert all("point" in needs(text) for text in repeat.say.values()), repeat.key


def test_e4_enough_questions_are_open_for_everybody() -> None:
    """Six for each kind of customer keep two calls in a row apart."""
    for kind in ("business", "consumer"):
        general = [q for q in BOOK.questions.values() if "any" in q.when and q.fits & {"any", kind}]
        assert len(general) >= 6
    told = [q for q in BOOK.questions.values() if "told" in q.when]
    assert told
    assert all(needs(text) == {"told"} for q in told for text in q.ask.values())


def test_what_the_plan_names_stands_in_the_tables() -> None:
    tables = (BY_REASON, BY_SIGNAL, BY_INTENT, BY_SCENE)
    named = {key for table in tables for keys in table.values() for key in keys}
    assert named | {"persistent"} <= set(BOOK.refusals)
    assert set(BOOK.scripts) >= {*BY_CONSENT, HALF_A_YEAR}


def test_every_placeholder_is_used_somewhere() -> None:
    used = frozenset(name for _, said in spoken() for text in said.values() for name in needs(text))
    assert used <= PLACEHOLDERS
    assert used >= {"name", "me", "company", "topic", "offered", "window", "condition", "said"}


@pytest.mark.parametrize("voice", Voice)
def test_no_two_versions_of_a_scene_begin_alike(voice: Voice) -> None:
    starts = Counter(
        (script.scene, " ".join(script.say[voice].replace("*", "").split()[:4]))
        for script in BOOK.scripts.values()
    )
    assert {start: n for start, n in starts.items() if n > 1} == {}
