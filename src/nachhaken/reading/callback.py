"""Which of the windows that a reply names is the one to come back in."""

from nachhaken.reading.windows import Found
from nachhaken.terms import Intent

_POSTPONING = {
    Intent.NONCOMMITTAL, Intent.LATER_VAGUE, Intent.STALLED_NAMED, Intent.REFERRAL,
}  # fmt: skip


def choose(windows: list[Found], intent: Intent) -> Found | None:
    """The call-back among the windows of a reply with this intent, None where none is one."""
    if intent is Intent.AUTO_REPLY:
        return next((one for one in windows if one.absent or one.contact), None)
    if intent in {Intent.YES, Intent.ENGAGED}:
        return next((one for one in windows if one.meeting), None)
    if intent is Intent.NO:
        return next((one for one in windows if one.asked), None)
    if intent is Intent.REQUOTE:
        return next((one for one in windows if one.operator == "until" or one.meeting), None)
    return windows[0] if windows and intent in _POSTPONING else None
