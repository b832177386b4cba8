"""Rows and values: what goes into a row comes out again, and nothing else is accepted."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from nachhaken.desk.models import Event
from nachhaken.desk.models.story import AppendOnlyError
from nachhaken.desk.records import (
    KINDS,
    RecordError,
    decode_fact,
    decode_reading,
    encode,
    encode_reading,
    kind_of,
    timeline_of,
)
from nachhaken.desk.speech import decode_phrase, encode_phrase
from nachhaken.plan.values import Phrase
from nachhaken.reading import read
from nachhaken.reading.values import Doubt, Span
from nachhaken.terms import Signal
from nachhaken.timeline import Fact
from tests import cast
from tests.strategies import plain_facts


@given(plain_facts)
def test_a_fact_comes_out_of_its_row_as_it_went_in(fact: Fact) -> None:
    assert decode_fact(kind_of(fact), encode(fact)) == fact


def test_every_kind_of_fact_has_a_name() -> None:
    assert set(KINDS.values()) == set(Fact.__args__)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("sold", {}),
        ("opened", {"title": "Treppe", "colour": "rot"}),
        ("opened", {"title": 7}),
        ("offer_sent", {"version": 1}),
        ("offer_sent", {"number": "AN-1", "version": True}),
        ("offer_sent", {"number": "AN-1", "valid_until": "bald"}),
        ("touched", {"channel": "fax"}),
        ("replied", {"channel": "mail", "statement": {"intent": "maybe"}}),
        ("replied", {"channel": "mail", "statement": {"intent": "no", "callback": ["2026-01-01"]}}),
        ("snoozed", {"until": None}),
        ("opened", ["title"]),
    ],
)
def test_a_row_that_is_not_of_its_kind_is_refused(kind: str, payload: object) -> None:
    with pytest.raises(RecordError):
        decode_fact(kind, payload)


@pytest.mark.parametrize(
    "text",
    [
        "Rufen Sie mich in 2-3 Monaten wieder an.",
        "Erst wenn das Budget im Januar freigegeben ist.",
        "Wir haben uns für einen günstigeren Anbieter entschieden.",
        "",
    ],
)
def test_a_reading_comes_out_of_its_cache_as_it_went_in(text: str) -> None:
    reading = read(text, reference=date(2026, 11, 24))
    assert decode_reading(encode_reading(reading)) == reading


def test_every_place_and_the_doubt_come_out_of_the_cache() -> None:
    reading = replace(
        read("Zu teuer, und das bis Freitag.", reference=date(2026, 11, 24)),
        reason_span=Span(0, 8),
        signals=frozenset({Signal.URGENCY}),
        signal_spans={Signal.URGENCY: Span(14, 29)},
        doubt=Doubt.CLOSE,
    )
    assert decode_reading(json.loads(json.dumps(encode_reading(reading)))) == reading


def test_a_phrase_keeps_the_types_of_what_is_filled_in() -> None:
    phrase = Phrase("why.window", {"start": date(2026, 12, 1), "at": cast.NOW, "count": 3})
    assert decode_phrase(encode_phrase(phrase)) == phrase


@pytest.mark.django_db
def test_an_event_can_be_neither_changed_nor_deleted() -> None:
    cast.settle(cast.SILENT, actor=cast.owner())
    event = Event.objects.earliest("pk")
    event.kind = "closed"
    for change in (
        event.save,
        event.delete,
        lambda: Event.objects.update(kind="closed"),
        lambda: Event.objects.all().delete(),
    ):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.django_db
def test_the_desk_tells_the_same_timeline_as_the_plain_cast() -> None:
    row = cast.settle(cast.EVADER, actor=cast.owner())
    told = [(e.occurred_at, e.fact) for e in timeline_of(row.events.exclude(kind="opened"))]
    assert told == [(e.occurred_at, e.fact) for e in cast.timeline(cast.EVADER)]
