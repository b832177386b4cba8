"""Our no in words: every reason, every tone, every voice."""

import itertools

import pytest

from nachhaken.playbook.declining import Refused, Tone, mail_of, words_of
from nachhaken.playbook.filling import write
from nachhaken.playbook.values import Voice
from nachhaken.terms import OurReason

VALUES = {"greeting": "Guten Tag,", "sign_off": "Gruß", "topic": "4 Balkone Südseite"}
ALL = [
    Refused(reason=reason, tone=tone, partner="Metallbau Kern, Tölz", is_open=is_open)
    for reason, tone, is_open in itertools.product(OurReason, Tone, (True, False))
]


@pytest.mark.parametrize("refused", ALL)
def test_d3_a_refusal_is_whole_in_every_voice(refused: Refused) -> None:
    mail = mail_of(refused, "refusal")
    for voice in Voice:
        text = write(mail.body[voice], VALUES)
        said = write(words_of(refused)[voice], VALUES)
        assert text is not None
        assert said is not None
        assert "Metallbau Kern, Tölz" in text
        assert not set("{}*!") & set(text + said)
        assert said[0].isupper() or not said[0].isalpha()


def test_d3_no_two_refusals_say_the_same() -> None:
    for voice in Voice:
        texts = [mail_of(refused, "x").body[voice] for refused in ALL]
        assert len(set(texts)) == len(texts)


def test_d3_du_never_says_sie_and_swiss_has_no_sharp_s() -> None:
    for refused in ALL:
        body = mail_of(refused, "x").body
        assert " Ihr" not in body[Voice.DU]
        assert " Sie " not in body[Voice.DU]
        assert "ß" not in body[Voice.SWISS]
        assert " dich " not in body[Voice.SIE]


def test_d3_the_door_and_the_recommendation_stand_only_where_they_are_meant() -> None:
    shut = mail_of(Refused(reason=OurReason.PRICE, is_open=False), "x").body[Voice.SIE]
    ajar = mail_of(Refused(reason=OurReason.PRICE), "x").body[Voice.SIE]
    assert "noch einmal darüber" in ajar
    assert "noch einmal darüber" not in shut
    assert "Empfehlen" not in ajar


def test_d3_a_name_cannot_break_the_letter() -> None:
    refused = Refused(reason=OurReason.FIT, partner="Kern {topic} *GmbH*\n& Co")
    text = write(mail_of(refused, "x").body[Voice.SIE], VALUES)
    assert text is not None
    assert "Kern (topic)  GmbH  & Co" in text
