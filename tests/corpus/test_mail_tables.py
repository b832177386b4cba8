"""The shipped mails: every one in every voice, typeset, short, with one question."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from nachhaken.playbook.filling import WRITTEN_PLACEHOLDERS, needs
from nachhaken.playbook.tables import playbook
from nachhaken.playbook.values import SPOKEN, Mail, Scene, Voice

BOOK = playbook()
LAST_FOLLOW_UP = 6
LONGEST, SHORTEST, SHORTEST_NOTE = 110, 40, 35  # words
LONGEST_SUBJECT = 60
# What only carries something, or ends it, may be shorter.
NOTES = frozenset({
    Scene.OFFER, Scene.OFFER_REVISED, Scene.CONFIRM, Scene.DELIVER, Scene.HAND_OVER,
    Scene.THANKS, Scene.ANSWER, Scene.APPOINTMENT,
})  # fmt: skip
# In these the seller has something to fill in that nobody else knows.
WITH_GAPS = frozenset({
    Scene.ANSWER, Scene.DECLINE, Scene.ADAPT, Scene.DELIVER, Scene.HAND_OVER,
})  # fmt: skip
SURE = frozenset({"greeting", "sign_off", "me", "company", "topic"})
QUOTES = {Voice.SIE: "„“‚‘", Voice.DU: "„“‚‘", Voice.SWISS: "«»‹›", Voice.ENGLISH: "“”‘’"}
NEEDY = re.compile(
    r"\b(?:nur mal|wollte nur|leider noch nichts|sehr freuen|schon (?:drei|zwei|mehr)mal"
    r"|just (?:wanted|checking)|circle back|follow(?:ing)? up|gentle reminder|letzte chance"
    r"|last chance|dringend|urgent|zeitnah|proaktiv)\b",
    re.IGNORECASE,
)
GAP = re.compile(r"\[[^\]]+\]")


def texts() -> Iterator[tuple[Mail, Voice, str]]:
    for mail in BOOK.mails.values():
        for voice in Voice:
            yield mail, voice, mail.body[voice].strip()


def core(text: str) -> str:
    return text.removeprefix("{greeting}").removesuffix("{sign_off}").strip()


@pytest.mark.parametrize("voice", Voice)
def test_every_mail_is_typeset_in_its_voice(voice: Voice) -> None:
    shown = {
        m.key: found
        for m, v, text in texts()
        if v is voice and (found := faults(text, v) + faults(m.subject[v], v))
    }
    assert shown == {}


def faults(text: str, voice: Voice) -> list[str]:
    others = set("".join(QUOTES.values())) - set(QUOTES[voice]) - {"’"}
    signs = set("\"'!") | others | ({"ß"} if voice is Voice.SWISS else set())
    stray = re.sub(r"\{\w+\}", "", text)
    return [
        *sorted(needs(text) - WRITTEN_PLACEHOLDERS),
        *sorted(signs.intersection(text)),
        *(wrong for wrong in ("  ", " - ", "...", "\n\n\n") if wrong in text),
        *(brace for brace in "{}" if brace in stray),
    ]


def test_every_mail_is_framed_in_short_paragraphs() -> None:
    for mail, voice, text in texts():
        paragraphs = core(text).split("\n\n")
        assert text.startswith("{greeting}\n\n"), (mail.key, voice)
        assert text.endswith("\n\n{sign_off}"), (mail.key, voice)
        assert 1 < len(paragraphs) <= 5, (mail.key, voice)
        assert not any("\n" in part for part in paragraphs), (mail.key, voice)


def test_c1_every_mail_is_short_enough_to_be_read() -> None:
    counts = {(m.key, v): (len(core(text).split()), m.scene in NOTES) for m, v, text in texts()}
    wrong = {
        key: n
        for key, (n, is_note) in counts.items()
        if not (SHORTEST_NOTE if is_note else SHORTEST) <= n <= LONGEST
    }
    assert wrong == {}


def test_b1_every_mail_asks_one_thing_at_most() -> None:
    for mail, voice, text in texts():
        before, marked, after = text.split("*")
        assert text.count("?") <= 1, (mail.key, voice)
        assert "?" not in before, (mail.key, voice)
        assert "?" not in after or not after.partition("?")[0].count("."), (mail.key, voice)
        assert marked.strip(), (mail.key, voice)


def test_c1_no_mail_is_needy_or_in_a_hurry() -> None:
    assert [(m.key, v) for m, v, text in texts() if NEEDY.search(text)] == []


def test_c1_the_early_mails_offer_an_easy_no() -> None:
    early = [m for m in BOOK.mails.values() if m.scene is Scene.FIRST_FOLLOW_UP or m.nth == 2]
    easy = re.compile(r"\bnein\b|passt es nicht|erledigt|auch eine antwort", re.IGNORECASE)
    offered = {(m.scene, m.nth) for m in early if easy.search(m.body[Voice.SIE])}
    assert offered >= {(Scene.FIRST_FOLLOW_UP, 0), (Scene.FOLLOW_UP, 2)}


def test_subjects_are_short_and_begin_no_thread() -> None:
    filled = dict.fromkeys(WRITTEN_PLACEHOLDERS, "AN-1412")
    for mail in BOOK.mails.values():
        for voice in Voice:
            subject = mail.subject[voice].format(**filled)
            assert len(subject) <= LONGEST_SUBJECT, (mail.key, voice)
            assert not re.match(r"(?i)re:|aw:", subject), (mail.key, voice)
            assert "\n" not in subject, (mail.key, voice)


def test_a_mail_needs_the_same_in_every_voice() -> None:
    for mail in BOOK.mails.values():
        facts = {needs(mail.body[voice]) - {"name", "me", "company"} for voice in Voice}
        assert len(facts) == 1, mail.key


def test_gaps_stand_only_where_the_seller_alone_knows() -> None:
    for mail, voice, text in texts():
        assert len(GAP.findall(text)) <= (mail.scene in WITH_GAPS), (mail.key, voice)


def test_every_scene_that_is_written_has_a_mail() -> None:
    assert {mail.scene for mail in BOOK.mails.values()} == set(Scene) - SPOKEN


def test_each_scene_has_a_mail_where_nothing_special_is_known() -> None:
    plain = {
        (m.scene, m.nth)
        for m in BOOK.mails.values()
        if all(needs(m.body[voice]) <= SURE for voice in Voice)
    }
    assert {scene for scene, _ in plain} == set(Scene) - SPOKEN
    assert {nth for _, nth in plain} >= set(range(2, LAST_FOLLOW_UP + 1))


def test_keys_name_their_scene_and_follow_ups_their_turn() -> None:
    for mail in BOOK.mails.values():
        assert mail.key.startswith(f"{mail.scene.value}."), mail.key
        is_follow_up = mail.scene is Scene.FOLLOW_UP
        assert (mail.nth in range(2, LAST_FOLLOW_UP + 1)) is is_follow_up, mail.key
    assert not set(BOOK.mails) & set(BOOK.branches)


@pytest.mark.parametrize("voice", Voice)
def test_no_two_mails_of_a_scene_begin_alike(voice: Voice) -> None:
    starts = Counter(
        (m.scene, " ".join(core(text).replace("*", "").split()[:4]))
        for m, v, text in texts()
        if v is voice
    )
    assert {start: n for start, n in starts.items() if n > 1} == {}


def test_no_two_mails_of_a_scene_have_one_angle() -> None:
    for language in ("de", "en"):
        angles = Counter((m.scene, m.angle[language]) for m in BOOK.mails.values())
        assert {angle: n for angle, n in angles.items() if n > 1} == {}


def test_e6_the_lines_of_the_law_stand_in_every_voice() -> None:
    for key in ("greeting", "greeting_plain", "sign_off", "objection", "privacy"):
        assert all(BOOK.lines[key][voice].strip() for voice in Voice), key
    assert all(needs(text) == {"privacy"} for text in BOOK.lines["privacy"].values())
