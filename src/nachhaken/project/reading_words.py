"""What the command line says of readings: in words, as JSON, and how often they are right."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from nachhaken.project.reply_rows import reading_record, spans
from nachhaken.project.terminal import day, is_english
from nachhaken.reading import Reading
from nachhaken.reading.doubts import is_unsure, likeliest
from nachhaken.reading.measures import Measures, Score, Share
from nachhaken.reading.words import DOUBTS, INTENTS, NO_REASONS, SIGNALS
from nachhaken.terms import Intent

_WIDTH = 13
_WORST = 5
_MOST_SHOWN = 200

_TEXTS = {
    "intent": ("Absicht", "Intent"),
    "window": ("Zeitraum", "Window"),
    "condition": ("Bedingung", "Condition"),
    "reason": ("Grund", "Reason"),
    "signal": ("Signal", "Signal"),
    "unsure": ("Unsicher", "Unsure"),
    "low": ("Nichts darin ist eindeutig.", "Nothing in it is clear."),
    "perhaps": ("Auch möglich: {others}", "It may also be: {others}"),
    "or": (" oder ", " or "),
    "row_json": ("Das ist kein JSON.", "This is not JSON."),
    "row_object": ("Das ist kein JSON-Objekt.", "This is not a JSON object."),
    "row_id": ("„id“ ist kein Text und keine ganze Zahl.", "“id” is neither text nor integer."),
    "row_text": ("„text“ fehlt oder ist kein Text.", "“text” is missing or not text."),
    "row_reference": (
        "„reference“ ist kein Tag wie 2026-11-24.",
        "“reference” is not a day such as 2026-11-24.",
    ),
    "row_region": ("„lang“ oder „region“ ist kein Text.", "“lang” or “region” is not text."),
    "row_channel": (
        "„channel“ ist nicht email, message oder call_note.",
        "“channel” is none of email, message, call_note.",
    ),
    "row_label": (
        "Die Angaben zum Vergleich fehlen oder passen nicht.",
        "The labels are missing or do not fit.",
    ),
    "line": ("Zeile {line}: {why}", "Line {line}: {why}"),
    "replies": ("Antworten", "Replies"),
    "right": ("Absicht richtig", "Intent right"),
    "macro": ("Makro-F1", "Macro F1"),
    "over": ("über {count} Absichten", "over {count} intents"),
    "top_error": ("Kalibrierfehler", "Calibration error"),
    "class_error": ("… je Absicht", "… by intent"),
    "exact": ("Zeitraum genau", "Window exact"),
    "near": ("… Beginn auf 3 Tage", "… start within 3 days"),
    "early": ("… Beginn zu früh", "… starts too early"),
    "missed": ("… nicht gefunden", "… missed"),
    "invented_window": ("… erfunden", "… invented"),
    "conditions": ("Bedingung richtig", "Condition right"),
    "invented_condition": ("… erfunden", "… invented"),
    "no_reasons": ("Grund richtig", "Reason right"),
    "precision": ("Signale richtig", "Signals right"),
    "recall": ("… gefunden", "… found"),
    "head": ("richtig, gefunden", "precision, recall"),
    "mixed": ("{count} × {true} als {read}", "{count} × {true} as {read}"),
}


def words(key: str, **params: object) -> str:
    """Return a text of the table in the language of the terminal, filled in."""
    return _TEXTS[key][is_english()].format(**params)


def fault(line: int, reason: str) -> str:
    """Return what is wrong with a line, for the person at the terminal."""
    return words("line", line=line, why=words(reason))


def reason_in_english(reason: str) -> str:
    """Return what is wrong for a program: the same whatever the terminal speaks."""
    return _TEXTS[reason][1]


def reading_lines(reading: Reading, said: str) -> Iterator[str]:
    """Return a reading for people: each thing with the piece of `said` that shows it."""
    places = spans(reading)
    for key, name, value in _told(reading):
        yield _line(words(key), value)
        if (place := places.get(name)) and (piece := _quoted(said[place.start : place.end])):
            yield _line("", piece)
    if is_unsure(reading):
        yield _line(words("unsure"), _doubt(reading))


def _told(reading: Reading) -> Iterator[tuple[str, str, str]]:
    """Yield heading, span and words of each thing that was read."""
    yield "intent", "intent", _likely(reading, reading.intent)
    if window := reading.callback:
        yield "window", "callback", f"{day(window.start)} – {day(window.end)}"
    if reading.condition:
        yield "condition", "condition", _quoted(reading.condition)
    if reading.no_reason:
        yield "reason", "no_reason", _word(NO_REASONS[reading.no_reason])
    for signal in sorted(reading.signals):
        yield "signal", signal.value, _word(SIGNALS[signal])


def _doubt(reading: Reading) -> str:
    why = _word(DOUBTS[reading.doubt]) if reading.doubt else words("low")
    others = (_likely(reading, intent) for intent in likeliest(reading, 3)[1:])
    return f"{why} {words('perhaps', others=words('or').join(others))}"


def _likely(reading: Reading, intent: Intent) -> str:
    percent = f"{reading.probabilities[intent]:.0%}"
    return f"{_word(INTENTS[intent])} ({percent if is_english() else percent.replace('%', ' %')})"


def _quoted(piece: str) -> str:
    """Return a piece of the text in one line; what a terminal would obey is taken out."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in piece).split())
    short = plain if len(plain) <= _MOST_SHOWN else f"{plain[:_MOST_SHOWN].rstrip()} …"
    return (f"“{short}”" if is_english() else f"„{short}“") if short else ""


def _line(heading: str, value: str) -> str:
    return f"{heading:<{_WIDTH}}{value}".rstrip()


def _word(pair: tuple[str, str]) -> str:
    return pair[is_english()]


def reading_json(reading: Reading, said: str) -> dict[str, Any]:
    """Return a reading for programs, with the pieces of the text that show it."""
    evidence = {name: said[place.start : place.end] for name, place in spans(reading).items()}
    more = {"confidence": reading.confidence, "evidence": evidence}
    return reading_record(reading) | more | {"doubt": reading.doubt and reading.doubt.value}


def measures_json(found: Measures) -> dict[str, Any]:
    """Return the measures for programs; shares as {"hits", "total"}."""
    held = asdict(found)
    held["intents"] = {intent.value: asdict(score) for intent, score in found.intents.items()}
    held["confusion"] = [
        {"true": true.value, "read": read.value, "count": count}
        for (true, read), count in found.confusion.items()
    ]
    return held


def measures_lines(found: Measures) -> Iterator[str]:
    """Return the measures for people, each share with its 95 % interval."""
    yield _figure("replies", f"{found.right.total}")
    yield _figure("right", _share(found.right))
    over = words("over", count=sum(1 for score in found.intents.values() if score.recall.total))
    yield _figure("macro", f"{_number(found.macro_f1)} {over}")
    for intent, score in found.intents.items():
        yield f"  {_word(INTENTS[intent]):<24}{_score(score)}"
    yield from _mixed(found.confusion)
    yield _figure("top_error", _number(found.top_error))
    yield _figure("class_error", _number(found.class_error))
    for key, share in _shares(found).items():
        yield _figure(key, _share(share))


def _shares(found: Measures) -> dict[str, Share]:
    windows = found.windows
    return {
        "exact": windows.exact,
        "near": windows.near,
        "early": windows.early,
        "missed": windows.missed,
        "invented_window": windows.invented,
        "conditions": found.conditions.right,
        "invented_condition": found.conditions.invented,
        "no_reasons": found.no_reasons,
        "precision": found.signals.precision,
        "recall": found.signals.recall,
    }


def _mixed(confusion: Mapping[tuple[Intent, Intent], int]) -> Iterator[str]:
    wrong = [(count, true, read) for (true, read), count in confusion.items() if true is not read]
    for count, true, read in sorted(wrong, reverse=True)[:_WORST]:
        names = {"true": _word(INTENTS[true]), "read": _word(INTENTS[read])}
        yield f"  {words('mixed', count=count, **names)}"


def _figure(key: str, value: str) -> str:
    return f"{words(key):<26}{value}"


def _score(score: Score) -> str:
    sides = f"{_bare(score.precision)}, {_bare(score.recall)}"
    return f"F1 {_number(score.f1)}  {words('head')}: {sides}"


def _bare(share: Share) -> str:
    return f"{share.hits}/{share.total}"


def _share(share: Share) -> str:
    if share.value is None:
        return "–"
    low, high = share.interval
    return f"{_percent(share.value)} ({_percent(low)} – {_percent(high)}), {_bare(share)}"


def _percent(value: float) -> str:
    return f"{_local(f'{100 * value:.1f}')} %"


def _number(value: float | None) -> str:
    return "–" if value is None else _local(f"{value:.3f}")


def _local(number: str) -> str:
    return number if is_english() else number.replace(".", ",")
