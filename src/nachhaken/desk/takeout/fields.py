"""What goes along, and what does not: every field of every table, listed once.

`data` is written and read again, `files` as a file of its own. `derived` follows from the rest and
is made anew. `stays` is left where it is: passwords and who may come in, tokens, and what only
means something at this desk. docs/export.md says it in words; a test holds it against the models.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Field, Model

from nachhaken.desk import models
from nachhaken.sources.kind import EXPORTED

MIMETYPE = EXPORTED.decode()
FORMAT = 1
"""The version of the format: another field, or another meaning of one, is another version."""


@dataclass(frozen=True)
class Table:
    """One table, its file without ending, and its fields by their names."""

    name: str
    model: type[Model]
    data: str
    files: str = ""
    derived: str = ""
    stays: str = ""

    @property
    def path(self) -> str:
        """Return the name of its part in the archive."""
        return f"data/{self.name}.jsonl"

    @cached_property
    def fields(self) -> "tuple[Field[object, object], ...]":
        """Return the fields that are written, in their order; a key to another row by its id."""
        known = {field.name: field for field in self.model._meta.concrete_fields}  # noqa: SLF001
        return tuple(known[name] for name in self.data.split())


# The order of reading: what others name comes first, as far as it can.
TABLES = (
    Table(
        "users",
        models.User,
        "id username first_name last_name email date_joined language digest_at review_weekday "
        "review_at most_open",
        stays="password last_login is_active is_staff is_superuser groups user_permissions",
    ),
    Table("preferences", models.Preference, "id key value set_at set_by reason"),
    Table(
        "import_runs",
        models.ImportRun,
        "id name kind about state size sha256 mapping at actor started_at ended_at new same "
        "changed unmatched skipped doubtful faults reverted_at reverted_by settled_at settled_by",
        stays="file",
    ),
    Table("filled", models.Filled, "id run table row field before after"),
    Table("column_profiles", models.ColumnProfile, "id name about header fields at actor"),
    Table(
        "prospects",
        models.Prospect,
        "id name place address region is_consumer key created_at opted_out_at merged_into run",
        derived="folded search",
    ),
    Table(
        "people",
        models.Person,
        "id prospect name role mail phone tone salutation merged_into run",
    ),
    Table(
        "mergers",
        models.Merger,
        "id table kept gone moved at actor source_key undone_at undone_by",
    ),
    Table("apart", models.Apart, "id table first second at actor"),
    Table(
        "opportunities",
        models.Opportunity,
        "id prospect person owner title source_key created_at outcome ended_at run",
        derived="search",
    ),
    Table(
        "events",
        models.Event,
        "id kind prospect opportunity person occurred_at recorded_at actor source_key act about "
        "came_in payload run",
    ),
    Table(
        "advice_given",
        models.AdviceGiven,
        "id opportunity source_key at actor head proposed due gain_cents runner_up "
        "runner_up_cents model_version decision chosen",
    ),
    Table("documents", models.Document, "id sha256 name media_type size at actor"),
    Table(
        "offer_drafts",
        models.OfferDraft,
        "id opportunity source_key author number version title opening closing positions "
        "net_cents currency vat_permille valid_until document based_on created_at updated_at "
        "sent_at sent_as dropped_at",
    ),
    Table(
        "outgoing",
        models.Outgoing,
        "id source_key opportunity person actor message_id sender recipient subject text step "
        "draft scripts beside state queued_at state_at due_at tries fault answer event filed_at",
        files="raw",
    ),
    Table(
        "writings",
        models.Writing,
        "id opportunity author slot text_key person step subject text saved_at outgoing",
    ),
    Table(
        "unmatched_mails",
        models.UnmatchedMail,
        "id source_key at sender_name sender subject text automatic message_id settled_at "
        "settled_by settled_act opportunity reason phones note run",
    ),
    Table(
        "set_aside",
        models.SetAside,
        "id source_key opportunity actor at set_aside_at why payload about_event settled_at "
        "settled_by settled_act",
    ),
    Table(
        "blocked",
        models.Blocked,
        "id digest kind scope event at actor lifted_at lifted_by lift_reason",
    ),
    Table("timers", models.Timer, "id user opportunity started_at work"),
    Table(
        "own_scripts",
        models.OwnScript,
        "id key scene refusal voice language text nth angle author set_at retired_at retired_by",
    ),
    Table(
        "mail_accounts",
        models.MailAccount,
        "id user address name username smtp_host smtp_port smtp_security imap_host imap_port "
        "imap_security sent_folder set_at checked_at fault since folders_chosen_at watched_at",
        stays="secret",
    ),
    Table(
        "mail_folders",
        models.MailFolder,
        "id account name uid_validity last_uid fetched_at last_mail_at fault is_sent taken kept "
        "unmatched skipped faulty compared_at held missing looked_for",
    ),
    Table(
        "calendar_accounts",
        models.CalendarAccount,
        "id user address url name username with_words set_at synced_at fault",
        stays="secret",
    ),
    Table("calendar_reads", models.CalendarRead, "id account url name tag entries read_at fault"),
    Table(
        "digests",
        models.Digest,
        "id user day kind state state_at tries fault message_id seen_at",
    ),
    Table(
        "partners",
        models.Partner,
        "id name person trade place mail phone note source_key at actor retired_at retired_by",
    ),
    Table(
        "lessons",
        models.Lesson,
        "id learnt_at cases fingerprint parameters policy report",
    ),
    Table(
        "reading_layers",
        models.ReadingLayer,
        "owner learnt_at head since version fingerprint numbers report",
    ),
)

PROFILE = (
    Table(
        "plans",
        models.Plan,
        "opportunity due rate kind channel minutes gain_cents runner_up runner_up_cents title why "
        "headline words truth genuine stalled pretend lost hour_from hour_to effort_minutes "
        "planned_on model_version",
    ),
    Table("readings", models.ReadingCache, "id event is_own version payload"),
)
"""What the desk concluded: in the copy for a customer, who has a right to it."""

DERIVED = (
    models.Plan,
    models.ReadingCache,
    models.Experience,
    models.Figures,
    models.FiguresCell,
    models.Simulated,
)
"""Tables that are made anew."""

STAYS = (models.CalendarFeed, models.CalendarItem)
"""Tables that stay: addresses that are keys, and what this desk wrote into a calendar."""


def table_of(name: str) -> Table:
    """Return the table of that name."""
    return next(table for table in (*TABLES, *PROFILE) if table.name == name)
