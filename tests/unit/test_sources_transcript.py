"""Transcripts as programs write them: who spoke, how much, and in which words."""

import pytest

from nachhaken.sources.faults import EmptyFile, NotATranscript, say
from nachhaken.sources.kind import Kind, kind_of
from nachhaken.sources.transcript import Transcript, read_transcript

TEAMS = """WEBVTT

1
00:00:00.000 --> 00:00:30.000
<v Katharina Brandt>Guten Tag Frau Keller, was müsste bis März geschehen sein?</v>

2
00:00:30.000 --> 00:00:50.000
<v Frau Keller>Der Umbau muss genehmigt sein.
Dann geht es los.</v>

3
00:00:50.000 --> 00:00:52.000
<v Frau Keller>Vorher nicht.</v>
"""
ZOOM = """1
00:00:01,000 --> 00:00:31,000
Katharina Brandt: Guten Tag

2
00:00:31,000 --> 00:01:01,000
Frau Keller: Der Preis passt,
aber der Termin nicht.
"""
PLAIN = """Mitschrift vom 12.11.2026

Brandt: Wie sieht es aus?
Keller: Gut. Eines noch: der Termin.
[00:01:10] Brandt: Wann passt es?
und wo?
"""


def shares(told: Transcript) -> dict[str, int]:
    return {one.name: one.percent for one in told.speakers}


def test_voices_of_webvtt_are_counted_by_time() -> None:
    told = read_transcript(TEAMS.encode(), "talk.vtt")
    assert told.is_timed
    assert shares(told) == {"Katharina Brandt": 58, "Frau Keller": 42}
    assert told.share({"Katharina Brandt"}) == 58
    assert told.words_of({"Frau Keller"}) == (
        "Der Umbau muss genehmigt sein. Dann geht es los. Vorher nicht."
    )


def test_names_before_the_words_of_srt() -> None:
    told = read_transcript(ZOOM.encode(), "talk.srt")
    assert shares(told) == {"Katharina Brandt": 50, "Frau Keller": 50}
    assert told.words_of({"Frau Keller"}) == "Der Preis passt, aber der Termin nicht."


def test_plain_text_is_counted_by_words() -> None:
    told = read_transcript(PLAIN.encode("cp1252"), "talk.txt")
    assert not told.is_timed
    assert [one.name for one in told.speakers] == ["Brandt", "Keller"]
    assert told.words_of({"Keller"}) == "Gut. Eines noch: der Termin."
    assert told.words_of({"Brandt"}) == "Wie sieht es aus?\nWann passt es? und wo?"
    assert shares(told) == {"Brandt": 64, "Keller": 36}


def test_two_voices_in_one_cue_share_its_time() -> None:
    raw = "WEBVTT\n\n00:00.000 --> 00:10.000\n<v A>aaaaaaaa</v> <v B>bb</v>\n"
    assert shares(read_transcript(raw.encode())) == {"A": 80, "B": 20}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("WEBVTT\n\n00:00.000 --> 00:10.000\nGuten Tag\n", "nicht, wer spricht"),
        ("Brandt: Hallo?\nBrandt: Jemand da?", "nur eine Person"),
        ("WEBVTT\n\n00:xx --> \n", "nicht, wer spricht"),
        ("Name: x\n" * 300_000, "zu groß"),
    ],
)
def test_what_tells_not_who_speaks_is_refused(raw: str, said: str) -> None:
    with pytest.raises(NotATranscript) as caught:
        read_transcript(raw.encode(), "talk.vtt")
    assert said in say(caught.value.fault)


def test_nothing_is_nothing() -> None:
    with pytest.raises(EmptyFile):
        read_transcript(b"  ")


def test_transcripts_are_known_by_their_first_lines() -> None:
    assert kind_of(TEAMS.encode(), "x.txt") is Kind.VTT
    assert kind_of(b"\xef\xbb\xbf" + ZOOM.encode(), "x") is Kind.SRT
