"""Every write: one function per verb, keyword-only, safe to be posted twice with one key."""

from nachhaken.desk.commands.addressing import (
    address_person,
    restore_script,
    retire_script,
    write_script,
)
from nachhaken.desk.commands.calendar_reading import (
    choose_reading,
    read_calendars,
    read_own_calendars,
)
from nachhaken.desk.commands.calendars import (
    calendars_there,
    choose_calendar,
    connect_calendar,
    disconnect_calendar,
    sync_calendar,
    sync_calendars,
    sync_own_calendar,
)
from nachhaken.desk.commands.calls import Call, PutAside, record_call
from nachhaken.desk.commands.choosing_folders import choose_folders
from nachhaken.desk.commands.comparing import compare_ways
from nachhaken.desk.commands.consents import give_consent, withdraw_consent
from nachhaken.desk.commands.conversation import (
    drop_key_point,
    note_mentioned,
    pin_step,
    set_cadence,
    set_goal,
    set_key_point,
)
from nachhaken.desk.commands.decisions import close, decide, reopen, restate_reply, snooze, undo
from nachhaken.desk.commands.digests import put_away_alarm, send_digests, set_digest
from nachhaken.desk.commands.effort import (
    Started,
    TimerForgottenError,
    add_quarter,
    discard_timer,
    set_work_rates,
    spend_effort,
    start_timer,
    stop_timer,
)
from nachhaken.desk.commands.example import load_example
from nachhaken.desk.commands.feeds import (
    make_feed,
    note_feed_read,
    revoke_feed,
    show_in_feed,
)
from nachhaken.desk.commands.fetching import FetchedMail, fetch_mail
from nachhaken.desk.commands.fits import finish_job, rate_fit, set_criteria
from nachhaken.desk.commands.handing_over import (
    NotTheirsError,
    answer_hand_over,
    ask_hand_over,
    set_room,
)
from nachhaken.desk.commands.import_cards import Strangers
from nachhaken.desk.commands.imports import (
    Imported,
    UnreadableError,
    import_file,
    import_path,
)
from nachhaken.desk.commands.imports_looking import (
    clear_uploads,
    drop_upload,
    look_at,
    receive_file,
    renew_look,
    set_columns,
)
from nachhaken.desk.commands.imports_reverting import revert_import
from nachhaken.desk.commands.imports_taking import (
    AlreadyRunningError,
    confirm_import,
    resume_imports,
    take_in,
)
from nachhaken.desk.commands.intake import (
    assign_mail,
    dismiss_import,
    dismiss_mail,
)
from nachhaken.desk.commands.learning import forget_corrections, learn_anew
from nachhaken.desk.commands.ledger import Change, Glance, InvalidError, NotFoundError
from nachhaken.desk.commands.letterhead import set_letterhead, set_postal_address
from nachhaken.desk.commands.limits import Limits, check_number, lift_block, set_limits
from nachhaken.desk.commands.mail_account import (
    AccountWish,
    PasswordNeededError,
    check_mail_account,
    remove_mail_account,
    set_mail_account,
)
from nachhaken.desk.commands.merging import (
    ask_again,
    keep_apart,
    merge_people,
    merge_prospects,
    part,
)
from nachhaken.desk.commands.offers import (
    OlderError,
    OnTheWayError,
    adapt_offer,
    drop_offer,
    resume_offer,
    send_offer,
    write_offer,
)
from nachhaken.desk.commands.opening import create_opportunity
from nachhaken.desk.commands.other_mails import OtherMail, assign_other, other_mails
from nachhaken.desk.commands.outcomes import (
    feel,
    move_promise,
    opt_out,
    promise,
    record_outcome,
    settle_promise,
)
from nachhaken.desk.commands.partners import (
    add_partner,
    change_partner,
    restore_partner,
    retire_partner,
)
from nachhaken.desk.commands.permission import (
    NotAllowedError,
    ReasonNeededError,
    overrule,
    require_allowed,
)
from nachhaken.desk.commands.post import (
    NoAccountError,
    TooLateError,
    confirm_sent,
    correct_mail,
    drop_mail,
    queue_mail,
    send_again,
    take_back,
)
from nachhaken.desk.commands.putting_off import MovedOnError, snooze_by_link, undo_by_link
from nachhaken.desk.commands.reaching import reach_person
from nachhaken.desk.commands.refusing import begin_refusal, refuse
from nachhaken.desk.commands.restoring import NotFreshError, Restored, RestoreError, restore
from nachhaken.desk.commands.reviews import mail_review, send_reviews, set_review
from nachhaken.desk.commands.set_aside import (
    accept_set_aside,
    dismiss_set_aside,
    return_set_aside,
)
from nachhaken.desk.commands.setting_up import AlreadySetUpError, create_owner, prefer
from nachhaken.desk.commands.taking_anyway import put_limits_into_offer, take_anyway
from nachhaken.desk.commands.transcripts import (
    Agreement,
    NoConsentError,
    guessed_ours,
    record_transcript,
)
from nachhaken.desk.commands.writing import (
    Posting,
    Typed,
    drop_writing,
    give_address,
    record_writing,
    save_writing,
    send_writing,
)
from nachhaken.desk.planning import replan, replan_prospects

__all__ = [
    "AccountWish",
    "Agreement",
    "AlreadyRunningError",
    "AlreadySetUpError",
    "Call",
    "Change",
    "FetchedMail",
    "Glance",
    "Imported",
    "InvalidError",
    "Limits",
    "MovedOnError",
    "NoAccountError",
    "NoConsentError",
    "NotAllowedError",
    "NotFoundError",
    "NotFreshError",
    "NotTheirsError",
    "OlderError",
    "OnTheWayError",
    "OtherMail",
    "PasswordNeededError",
    "Posting",
    "PutAside",
    "ReasonNeededError",
    "RestoreError",
    "Restored",
    "Started",
    "Strangers",
    "TimerForgottenError",
    "TooLateError",
    "Typed",
    "UnreadableError",
    "accept_set_aside",
    "adapt_offer",
    "add_partner",
    "add_quarter",
    "address_person",
    "answer_hand_over",
    "ask_again",
    "ask_hand_over",
    "assign_mail",
    "assign_other",
    "begin_refusal",
    "calendars_there",
    "change_partner",
    "check_mail_account",
    "check_number",
    "choose_calendar",
    "choose_folders",
    "choose_reading",
    "clear_uploads",
    "close",
    "compare_ways",
    "confirm_import",
    "confirm_sent",
    "connect_calendar",
    "correct_mail",
    "create_opportunity",
    "create_owner",
    "decide",
    "discard_timer",
    "disconnect_calendar",
    "dismiss_import",
    "dismiss_mail",
    "dismiss_set_aside",
    "drop_key_point",
    "drop_mail",
    "drop_offer",
    "drop_upload",
    "drop_writing",
    "feel",
    "fetch_mail",
    "finish_job",
    "forget_corrections",
    "give_address",
    "give_consent",
    "guessed_ours",
    "import_file",
    "import_path",
    "keep_apart",
    "learn_anew",
    "lift_block",
    "load_example",
    "look_at",
    "mail_review",
    "make_feed",
    "merge_people",
    "merge_prospects",
    "move_promise",
    "note_feed_read",
    "note_mentioned",
    "opt_out",
    "other_mails",
    "overrule",
    "part",
    "pin_step",
    "prefer",
    "promise",
    "put_away_alarm",
    "put_limits_into_offer",
    "queue_mail",
    "rate_fit",
    "reach_person",
    "read_calendars",
    "read_own_calendars",
    "receive_file",
    "record_call",
    "record_outcome",
    "record_transcript",
    "record_writing",
    "refuse",
    "remove_mail_account",
    "renew_look",
    "reopen",
    "replan",
    "replan_prospects",
    "require_allowed",
    "restate_reply",
    "restore",
    "restore_partner",
    "restore_script",
    "resume_imports",
    "resume_offer",
    "retire_partner",
    "retire_script",
    "return_set_aside",
    "revert_import",
    "revoke_feed",
    "save_writing",
    "send_again",
    "send_digests",
    "send_offer",
    "send_reviews",
    "send_writing",
    "set_cadence",
    "set_columns",
    "set_criteria",
    "set_digest",
    "set_goal",
    "set_key_point",
    "set_letterhead",
    "set_limits",
    "set_mail_account",
    "set_postal_address",
    "set_review",
    "set_room",
    "set_work_rates",
    "settle_promise",
    "show_in_feed",
    "snooze",
    "snooze_by_link",
    "spend_effort",
    "start_timer",
    "stop_timer",
    "sync_calendar",
    "sync_calendars",
    "sync_own_calendar",
    "take_anyway",
    "take_back",
    "take_in",
    "undo",
    "undo_by_link",
    "withdraw_consent",
    "write_offer",
    "write_script",
]
