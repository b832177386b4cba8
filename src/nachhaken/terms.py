"""The closed vocabularies that every package speaks: one word per thing."""

from enum import StrEnum


class Channel(StrEnum):
    """The way a touch or a reply took."""

    MAIL = "mail"
    CALL = "call"
    MEETING = "meeting"
    LETTER = "letter"
    MESSAGE = "message"


class Intent(StrEnum):
    """What a customer's reply says; the order decides where two hold."""

    OPT_OUT = "opt_out"
    AUTO_REPLY = "auto_reply"
    YES = "yes"
    NO = "no"
    REFERRAL = "referral"
    REQUOTE = "requote"
    ENGAGED = "engaged"
    STALLED_NAMED = "stalled_named"
    LATER_VAGUE = "later_vague"
    NONCOMMITTAL = "noncommittal"
    OTHER = "other"


class NoReason(StrEnum):
    """Why a customer declined; the first that the text gives."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_NEED = "no_need"
    NO_BUDGET = "no_budget"
    TIMING = "timing"
    INTERNAL = "internal"
    COMPARISON_ONLY = "comparison_only"
    TRUST_FIT = "trust_fit"
    UNKNOWN = "unknown"


class OurReason(StrEnum):
    """Why we say no ourselves."""

    FIT = "fit"
    CAPACITY = "capacity"
    SCOPE = "scope"
    PRICE = "price"
    PAYMENT = "payment"
    CHANCE = "chance"
    OTHER = "other"


class Origin(StrEnum):
    """How a matter began."""

    RECOMMENDATION = "recommendation"
    INQUIRY = "inquiry"
    REGULAR = "regular"
    OWN_CALL = "own_call"
    ADVERT = "advert"


class Signal(StrEnum):
    """Friction and warmth beside the intent."""

    DISRESPECT = "disrespect"
    PRICE_PRESSURE = "price_pressure"
    EXCESSIVE_DEMAND = "excessive_demand"
    FREE_WORK = "free_work"
    APPRECIATION = "appreciation"
    OPENNESS = "openness"
    URGENCY = "urgency"


class Truth(StrEnum):
    """The hidden state of an opportunity, in the engine's axis order A, S, P, D."""

    GENUINE = "genuine"
    STALLED = "stalled"
    PRETEND = "pretend"
    LOST = "lost"


class Form(StrEnum):
    """In what form a message can reach somebody, in the order in which they are proposed."""

    CALL = "call"
    MAIL = "mail"
    PICTURE = "picture"
    STORY = "story"
    VISIT = "visit"


class StepKind(StrEnum):
    """What the desk can propose next."""

    WAIT = "wait"
    MAIL = "mail"
    CALL = "call"
    ASK_WHAT = "ask_what"
    CLARIFY = "clarify"
    INVEST = "invest"
    STOP = "stop"
    ANSWER = "answer"
    CHECK_CONDITION = "check_condition"
    CALL_BACK = "call_back"
    ASK_REASON = "ask_reason"
    ASK_REFERRED = "ask_referred"
    CONFIRM = "confirm"
    DELIVER = "deliver"
    DECLINE = "decline"
    HAND_OVER = "hand_over"
    REOPEN = "reopen"


class ConsentScope(StrEnum):
    """What a consent allows: asking again in this matter, or advertising besides."""

    FOLLOW_UP = "follow_up"
    ADVERTISING = "advertising"


class OutcomeKind(StrEnum):
    """How an opportunity ended: by the customer's word, by ours, or by an objection."""

    WON = "won"
    LOST = "lost"
    STOPPED = "stopped"
    DECLINED = "declined"
    OPTED_OUT = "opted_out"


class Purpose(StrEnum):
    """What a contact is for: answering the customer's own open request, or asking again."""

    ANSWER = "answer"
    CHASE = "chase"


class Verdict(StrEnum):
    """What the law and good manners say of a contact before it is made, the strictest last."""

    ALLOWED = "allowed"
    LATER = "later"
    ASK_FIRST = "ask_first"
    NOT_ALLOWED = "not_allowed"
