"""Which refusals are likely in this call: from what was said before, else from the scene."""

from collections.abc import Iterator

from nachhaken.plan.evidence import Answer
from nachhaken.plan.situation import Situation
from nachhaken.playbook.values import Scene
from nachhaken.terms import Intent, NoReason, Signal
from nachhaken.timeline import Replied

MOST_LIKELY = 5
# Who was asked so often may say so.
MANY_FOLLOW_UPS = 3

BY_REASON = {
    NoReason.PRICE: ("too_expensive", "discount"),
    NoReason.COMPETITOR: ("competitor_cheaper", "have_someone", "given_away"),
    NoReason.NO_NEED: ("no_need", "no_interest"),
    NoReason.NO_BUDGET: ("no_budget", "uncertain_times"),
    NoReason.TIMING: ("call_in_months", "no_hurry"),
    NoReason.INTERNAL: ("ask_boss", "boss_decided"),
    NoReason.COMPARISON_ONLY: ("only_comparison", "given_away"),
    NoReason.TRUST_FIT: ("dont_know_you", "bad_experience"),
}
BY_SIGNAL = {
    Signal.PRICE_PRESSURE: ("discount", "too_expensive", "competitor_cheaper"),
    Signal.EXCESSIVE_DEMAND: ("takes_too_long",),
    Signal.FREE_WORK: ("only_comparison", "in_writing"),
    Signal.URGENCY: ("takes_too_long",),
    Signal.DISRESPECT: ("annoyed",),
}
BY_INTENT = {
    Intent.LATER_VAGUE: ("call_in_months", "no_hurry", "cannot_say"),
    Intent.NONCOMMITTAL: ("we_call_you", "think_it_over", "not_read"),
    Intent.STALLED_NAMED: ("ask_boss", "no_budget"),
    Intent.REQUOTE: ("waiting_for_offers", "discount"),
    Intent.REFERRAL: ("not_in_charge",),
    Intent.NO: ("no_interest", "given_away"),
}
BY_SCENE = {
    Scene.FIRST_TALK: ("where_from_number", "have_someone", "send_documents"),
    Scene.FIRST_FOLLOW_UP: ("not_read", "think_it_over", "too_expensive"),
    Scene.FOLLOW_UP: ("no_time", "we_call_you", "given_away"),
    Scene.CALL_BACK: ("no_time", "on_ice"),
    Scene.CONDITION: ("on_ice", "no_budget"),
    Scene.CLARIFY: ("given_away", "only_comparison", "persistent"),
    Scene.ANSWER: ("too_expensive", "takes_too_long", "ask_boss"),
    Scene.REASON: ("too_expensive", "given_away"),
    Scene.ADAPT: ("too_expensive", "discount"),
    Scene.REFERRED: ("where_from_number", "dont_know_you", "not_in_charge"),
}


def likely_of(scene: Scene, situation: Situation, *, nth: int) -> tuple[str, ...]:
    """Return the keys of likely refusals, the newest word of the customer first."""
    found = [key for answer in reversed(situation.answers) for key in _heard(answer)]
    often = ("persistent",) if nth >= MANY_FOLLOW_UPS else ()
    return tuple(dict.fromkeys([*found, *often, *BY_SCENE.get(scene, ())]))[:MOST_LIKELY]


def _heard(answer: Answer) -> Iterator[str]:
    fact = answer.entry.fact
    stated = fact.statement.no_reason if isinstance(fact, Replied) and fact.statement else None
    reason = stated or (answer.reading.no_reason if answer.reading else None)
    if reason:
        yield from BY_REASON.get(reason, ())
    for signal in sorted(answer.signals):
        yield from BY_SIGNAL.get(signal, ())
    yield from BY_INTENT.get(answer.intent, ())
