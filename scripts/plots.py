"""Draw the pictures of the docs from the model as it is: docs/pictures and docs/handbuch/bilder."""

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from nachhaken.engine import (
    Acted,
    Action,
    Case,
    Evidence,
    Heard,
    Moment,
    Money,
    Symbol,
    judge,
    standard,
)
from nachhaken.engine.dead_horse import genuine_at_start, next_order
from nachhaken.engine.kernel import ACTIONS, context_index
from nachhaken.engine.planner import planner_for
from nachhaken.learning.calibration import reliability
from tests.speed.conduct import self_simulation

DOCS = Path(__file__).parent.parent / "docs"
FOLDERS = {"en": DOCS / "pictures", "de": DOCS / "handbuch" / "bilder"}
COLOURS = ("#2b8459", "#b87a0a", "#9a5689", "#d6d1c4")  # the desk's tokens.css
INK, QUIET = "#1d1d1a", "#6b6960"

TRUTHS = {
    "en": ("genuine", "stalled", "pretended", "lost"),
    "de": ("echt", "stockt", "Scheininteresse", "verloren"),
}
ANSWERS = {
    Symbol.ENGAGED: ("wants to move on", "will weiterkommen"),
    Symbol.STALLED_NAMED: ("names a condition", "nennt etwas Prüfbares"),
    Symbol.REFERRAL: ("refers to somebody", "verweist weiter"),
    Symbol.REQUOTE: ("wants another offer", "will noch ein Angebot"),
    Symbol.LATER_VAGUE: ("“later”, no reason", "„später“ ohne Grund"),
    Symbol.NONCOMMITTAL: ("noncommittal", "unverbindlich"),
    Symbol.NO: ("a no", "Absage"),
}
STEPS = {
    Action.MAIL: ("mail", "Mail"),
    Action.ASK_WHAT: ("WHAT question", "WAS-Frage"),
    Action.CLARIFY: ("clarifying call", "Klärungsgespräch"),
}
STEP_NAMES = {
    Action.WAIT7: ("wait a week", "eine Woche warten"),
    Action.WAIT30: ("wait a month", "einen Monat warten"),
    Action.CALL: ("call", "Anruf"),
    **STEPS,
    Action.INVEST: ("adapt the offer", "Angebot anpassen"),
    Action.STOP: ("let go", "loslassen"),
}
STEP_COLOURS = {
    Action.WAIT7: "#eceae2",
    Action.WAIT30: "#dad7cc",
    Action.MAIL: "#2b8459",
    Action.CALL: "#6aa98a",
    Action.ASK_WHAT: "#b87a0a",
    Action.CLARIFY: "#9a5689",
    Action.INVEST: "#4460c0",
    Action.STOP: "#8f887b",
}
WORDS = {
    "en": {
        "hope": "genuine or stalled",
        "margin": "contribution margin, EUR",
        "days": "days after the offer",
        "share": "probability",
        "decibans": "decibans for “genuine or stalled” (10 = ten to one)",
        "evidence": "decibans",
        "offers": "earlier offers, none of them ordered",
        "order": "the next offer is ordered",
        "genuine": "genuine or stalled on the day of the offer",
        "mail": "follow-up mail",
        "answer": "“later”",
        "what": "WHAT question",
        "named": "names a condition",
    },
    "de": {
        "hope": "echt oder stockt",
        "margin": "Deckungsbeitrag, EUR",
        "days": "Tage nach dem Angebot",
        "share": "Wahrscheinlichkeit",
        "decibans": "Dezibann für „echt oder stockt“ (10 = zehn zu eins)",
        "evidence": "Dezibann",
        "offers": "frühere Angebote, keines davon beauftragt",
        "order": "das nächste Angebot wird ein Auftrag",
        "genuine": "echt oder stockt am Tag des Angebots",
        "mail": "Nachfrage per Mail",
        "answer": "„später“",
        "what": "WAS-Frage",
        "named": "nennt etwas Prüfbares",
    },
}


def main() -> None:
    """Draw every picture in both languages."""
    mpl.rcParams.update(
        {
            "svg.hashsalt": "nachhaken",  # the same picture is the same file
            "svg.fonttype": "none",
            "font.family": "sans-serif",
            "font.size": 11,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": QUIET,
            "axes.labelcolor": QUIET,
            "xtick.color": QUIET,
            "ytick.color": QUIET,
            "text.color": INK,
        }
    )
    for language in FOLDERS:
        _draw("silence", language, silence)
        _draw("story", language, story)
        _draw("answers", language, answers)
        _draw("no-answer", language, no_answer)
        _draw("dead-horse", language, dead_horse)
        _draw("steps", language, steps)
    _draw("calibration", "en", calibration)


def silence(axes: Axes, language: str) -> None:
    """An offer by mail, and nothing comes."""
    _course(axes, [Acted(at=_at(0), action=Action.MAIL, ref=1)], 60, language)


def story(axes: Axes, language: str) -> None:
    """An offer, a mail, "later", the WHAT question, a condition."""
    words = WORDS[language]
    events: list[Evidence] = [
        Acted(at=_at(0), action=Action.MAIL, ref=1),
        Acted(at=_at(12), action=Action.MAIL, ref=2),
        Heard(at=_at(15), symbols={Symbol.LATER_VAGUE: 1.0}, ref=3),
        Acted(at=_at(22), action=Action.ASK_WHAT, ref=4),
        Heard(at=_at(24), symbols={Symbol.STALLED_NAMED: 1.0}, ref=5),
    ]
    _course(axes, events, 40, language)
    for day, word in ((12, "mail"), (15, "answer"), (22, "what"), (24, "named")):
        axes.axvline(day, color=INK, lw=0.8, ls=":")
        axes.annotate(words[word], (day, 1.02), rotation=30, fontsize=9, annotation_clip=False)


def answers(axes: Axes, language: str) -> None:
    """What an answer weighs, by the step that it answers."""
    rows = list(ANSWERS)[::-1]
    for n, (action, names) in enumerate(STEPS.items()):
        weights = [_weight(action, symbol) for symbol in rows]
        at = np.arange(len(rows)) + (1 - n) * 0.27
        axes.barh(at, weights, 0.25, label=names[language == "de"], color=COLOURS[n])
    axes.set_yticks(range(len(rows)), [ANSWERS[symbol][language == "de"] for symbol in rows])
    axes.axvline(0, color=QUIET, lw=0.8)
    axes.set_xlabel(WORDS[language]["decibans"])
    axes.legend(frameon=False, loc="lower right")


def no_answer(axes: Axes, language: str) -> None:
    """What silence after one touch weighs: it saturates."""
    days = np.linspace(0, 21, 43)
    for n, (action, names) in enumerate(STEPS.items()):
        first = Acted(at=_at(0), action=action, ref=1)
        found = [_silence_decibans(first, float(day)) for day in days]
        axes.plot(days, found, color=COLOURS[n], lw=2, label=names[language == "de"])
    axes.set_xlabel(WORDS[language]["days"])
    axes.set_ylabel(WORDS[language]["evidence"])
    axes.legend(frameon=False)


def dead_horse(axes: Axes, language: str) -> None:
    """The customer who always asks and never orders."""
    words, model = WORDS[language], standard()
    shape, base = model.orders.tolist(), float(model.start[:2].sum())
    offers = range(9)
    low, high = model.genuine_range
    hope = [min(max(genuine_at_start(base, shape, (0, 0, n)), low), high) for n in offers]
    order = [next_order(shape, 0, 0, n) for n in offers]
    axes.plot(offers, hope, "o-", color=COLOURS[0], lw=2, label=words["genuine"])
    axes.plot(offers, order, "s-", color=COLOURS[2], lw=2, label=words["order"])
    axes.set_ylim(0, 0.7)
    axes.set_xlabel(words["offers"])
    axes.set_ylabel(words["share"])
    axes.legend(frameon=False)


def steps(axes: Axes, language: str) -> None:
    """Which step is best after an unanswered offer, by hope and margin."""
    words, planner = WORDS[language], planner_for(standard(), Money())
    hopes, margins = np.linspace(0.02, 0.98, 97), np.geomspace(300, 50_000, 80)
    start = standard().start
    sides = start / np.repeat([start[:2].sum(), start[2:].sum()], 2)
    beliefs = np.array([np.repeat([hope, 1 - hope], 2) * sides for hope in hopes])
    fresh = np.full(len(hopes), context_index(1, 0, 0))
    rows = [planner.choose(beliefs, fresh, np.full(len(hopes), m)).action for m in margins]
    shown = [a for a in Action if any((row == ACTIONS.index(a)).any() for row in rows)]
    codes = [ACTIONS.index(a) for a in shown]
    colours = [STEP_COLOURS[a] for a in shown]
    grid = np.searchsorted(codes, np.array(rows))
    axes.pcolormesh(
        hopes,
        margins,
        grid,
        cmap=ListedColormap(colours),
        vmin=-0.5,
        vmax=len(codes) - 0.5,
        rasterized=True,
    )
    axes.set_yscale("log")
    axes.set_xlabel(words["hope"])
    axes.set_ylabel(words["margin"])
    patches = [Patch(color=STEP_COLOURS[a], label=STEP_NAMES[a][language == "de"]) for a in shown]
    axes.legend(handles=patches, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)


def calibration(axes: Axes, _: str) -> None:
    """What is believed of simulated customers, against what is true of them."""
    for n, (day, rows) in enumerate(self_simulation(40_000)):
        bins = reliability(rows)
        axes.plot(
            [b.chance for b in bins], [b.share for b in bins], "os^"[n], color=COLOURS[n],
            label=f"day {day:.0f}",
        )  # fmt: skip
    axes.plot([0, 1], [0, 1], color=QUIET, lw=0.8)
    axes.set_aspect("equal")
    axes.set_xlabel("believed: genuine or stalled")
    axes.set_ylabel("true")
    axes.legend(frameon=False, loc="lower right")


def _course(axes: Axes, events: Sequence[Evidence], until: int, language: str) -> None:
    days = np.linspace(0, until, 4 * until + 1)
    beliefs = np.array([_judged(events, float(day)) for day in days])
    axes.stackplot(days, beliefs.T, colors=COLOURS, labels=TRUTHS[language])
    axes.set_xlim(0, until)
    axes.set_ylim(0, 1)
    axes.set_xlabel(WORDS[language]["days"])
    axes.set_ylabel(WORDS[language]["share"])
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), reverse=True, frameon=False)


def _judged(events: Sequence[Evidence], day: float) -> tuple[float, ...]:
    known = tuple(event for event in events if event.at.day <= day)
    return tuple(judge(_case(known, day)).belief)


def _weight(action: Action, symbol: Symbol) -> float:
    asked = Acted(at=_at(0), action=action, ref=1)
    said = Heard(at=_at(1), symbols={symbol: 1.0}, ref=2)
    before, after = judge(_case((asked,), 0.0)).belief, judge(_case((asked, said), 1.0)).belief
    return _decibans(tuple(after)) - _decibans(tuple(before))


def _silence_decibans(first: Acted, day: float) -> float:
    belief = judge(_case((first,), day)).belief
    start = judge(_case((first,), 0.0)).belief
    return _decibans(tuple(belief)) - _decibans(tuple(start))


def _decibans(belief: tuple[float, ...]) -> float:
    return float(10 * np.log10((belief[0] + belief[1]) / (belief[2] + belief[3])))


def _case(events: Sequence[Evidence], now: float) -> Case:
    return Case(evidence=tuple(events), now=_at(now), ahead=(), value=4000.0)


def _at(day: float) -> Moment:
    return Moment(day, day * 5 / 7)


def _draw(name: str, language: str, draw: Callable[[Axes, str], None]) -> None:
    figure, axes = plt.subplots(figsize=(8, 4), dpi=150, layout="constrained")
    draw(axes, language)
    path = FOLDERS[language] / f"{name}.svg"
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    main()
