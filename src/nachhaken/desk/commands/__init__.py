"""Every write: one function per verb, keyword-only, safe to be posted twice with one key."""

from nachhaken.desk.commands.decisions import close, decide, reopen, restate_reply, snooze, undo
from nachhaken.desk.commands.example import load_example
from nachhaken.desk.commands.imports import (
    Imported,
    UnreadableError,
    confirm_import,
    import_file,
    preview_import,
)
from nachhaken.desk.commands.intake import (
    assign_mail,
    dismiss_import,
    dismiss_mail,
)
from nachhaken.desk.commands.learning import forget_corrections, learn_anew
from nachhaken.desk.commands.ledger import Change, Glance, InvalidError, NotFoundError
from nachhaken.desk.commands.opening import create_opportunity, send_offer
from nachhaken.desk.commands.outcomes import (
    feel,
    opt_out,
    promise,
    record_outcome,
    settle_promise,
    spend_effort,
)
from nachhaken.desk.commands.setting_up import AlreadySetUpError, create_owner, prefer
from nachhaken.desk.planning import replan, replan_prospects

__all__ = [
    "AlreadySetUpError",
    "Change",
    "Glance",
    "Imported",
    "InvalidError",
    "NotFoundError",
    "UnreadableError",
    "assign_mail",
    "close",
    "confirm_import",
    "create_opportunity",
    "create_owner",
    "decide",
    "dismiss_import",
    "dismiss_mail",
    "feel",
    "forget_corrections",
    "import_file",
    "learn_anew",
    "load_example",
    "opt_out",
    "prefer",
    "preview_import",
    "promise",
    "record_outcome",
    "reopen",
    "replan",
    "replan_prospects",
    "restate_reply",
    "send_offer",
    "settle_promise",
    "snooze",
    "spend_effort",
    "undo",
]
