"""What stands in a reply beside its words: phrases, a condition, dates, questions, as numbers."""

from collections.abc import Sequence

from nachhaken.reading.conditions import Condition
from nachhaken.reading.phrases import Hit
from nachhaken.reading.scope import is_about_the_deal
from nachhaken.reading.windows import Found
from nachhaken.terms import Intent

# The scale on which the phrase tables and conditions call a thing certain.
_CERTAIN = 4.0
_FEW, _SOME, _MANY = 4, 8, 120

# A mistake about one of these costs most, so what a person wrote into the tables weighs in; for
# the others the words alone tell as well.
GUARDED = (Intent.OPT_OUT, Intent.AUTO_REPLY, Intent.YES, Intent.NO)

NAMES = (
    *(f"phrase {intent}" for intent in GUARDED),
    "condition", "term",
    "window", "asked to come again", "absent", "meeting", "contact",
    "question", "questions", "question on the deal", "nothing but questions",
    "few words", "some words", "many words",
)  # fmt: skip
"""What each number of `cues` says, in order."""


def cues(
    found: Sequence[Hit],
    conditions: Sequence[Condition],
    windows: Sequence[Found],
    asked: Sequence[str],
    *,
    words: int,
    only_asks: bool,
) -> list[float]:
    """The numbers named by `NAMES`, each in [0, 1] or a little above.

    `found` are the phrases of the `GUARDED` intents said outright, `asked` the questions of
    substance, `words` how many words the reply has, `only_asks` whether it says nothing that is no
    question.
    """
    return [
        *_phrases(found),
        max((one.weight for one in conditions if not one.is_term), default=0.0) / _CERTAIN,
        max((one.weight for one in conditions if one.is_term), default=0.0) / _CERTAIN,
        float(bool(windows)),
        float(any(one.asked for one in windows)),
        float(any(one.absent for one in windows)),
        float(any(one.meeting for one in windows)),
        float(any(one.contact for one in windows)),
        float(len(asked) > 0),
        float(len(asked) > 1),
        float(any(map(is_about_the_deal, asked))),
        float(only_asks),
        float(words <= _FEW),
        float(words <= _SOME),
        min(words, _MANY) / _MANY,
    ]


def _phrases(found: Sequence[Hit]) -> list[float]:
    """The strongest phrase of each guarded intent."""
    strongest = dict.fromkeys(GUARDED, 0.0)
    for hit in found:
        intent = Intent(hit.phrase.label)
        strongest[intent] = max(strongest[intent], hit.phrase.weight / _CERTAIN)
    return list(strongest.values())
