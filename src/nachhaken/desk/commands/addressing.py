"""How a person is spoken to, and what users say in words of their own."""

from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from django.db import transaction

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import InvalidError, NotFoundError, locked_prospect
from nachhaken.desk.models import OwnScript, Person, User
from nachhaken.desk.planning import replan_prospects
from nachhaken.playbook.tables import playbook
from nachhaken.playbook.values import Scene, Voice

TONES = ("", "sie", "du")
SALUTATIONS = ("", "frau", "herr")
LAST_FOLLOW_UP = 6
LONGEST_SCRIPT = 1_000
OWN = "own."


def address_person(
    *, actor: User, now: datetime, prospect_id: int, person_id: int, tone: str, salutation: str
) -> None:
    """Set how this person is spoken to: "sie" or "du", "frau" or "herr", "" for unknown."""
    allow(actor)
    if tone not in TONES or salutation not in SALUTATIONS:
        raise InvalidError("address")
    with transaction.atomic():
        locked_prospect(prospect_id)
        rows = Person.objects.filter(pk=person_id, prospect=prospect_id, merged_into=None)
        if not rows.update(tone=tone, salutation=salutation):
            raise NotFoundError(f"person {person_id}")
        replan_prospects([prospect_id], now=now)  # the words of the steps address the person


def write_script(
    *,
    actor: User,
    now: datetime,
    key: str,
    voice: Voice,
    text: str,
    scene: Scene | None = None,
    refusal: str = "",
    nth: int = 0,
    angle: str = "",
) -> OwnScript:
    """Keep an own line for a scene, or answer to a refusal; one `key` of a user is one line."""
    allow(actor)
    is_known = refusal in playbook().refusals if scene is None else not refusal
    if not key or not is_known or not 0 <= nth <= LAST_FOLLOW_UP:
        raise InvalidError("script")
    row, _ = OwnScript.objects.get_or_create(
        key=_script_key(actor, key),
        defaults={
            "scene": scene.value if scene else "",
            "refusal": refusal,
            "voice": voice.value,
            "language": "en" if voice is Voice.ENGLISH else "de",
            "text": _line(text),
            "nth": nth,
            "angle": " ".join(angle.split())[:120],
            "author": actor,
            "set_at": now,
        },
    )
    return row


def retire_script(*, actor: User, now: datetime, script_id: int) -> None:
    """Offer an own line no more; what was said with it stays counted. Twice is once."""
    allow(actor)
    rows = OwnScript.objects.filter(pk=script_id)
    if not rows.exists():
        raise NotFoundError(f"script {script_id}")
    rows.filter(retired_at=None).update(retired_at=now, retired_by=actor)


def restore_script(*, actor: User, script_id: int) -> None:
    """Offer a retired line again."""
    allow(actor)
    if not OwnScript.objects.filter(pk=script_id).update(retired_at=None, retired_by=None):
        raise NotFoundError(f"script {script_id}")


def _line(text: str) -> str:
    said = " ".join(text.split())
    if not 0 < len(said) <= LONGEST_SCRIPT:
        raise InvalidError("text")
    return said


def _script_key(actor: User, key: str) -> str:
    # A name of its own, from whatever the form sent: it goes into events and must stay unique.
    return f"{OWN}{uuid5(NAMESPACE_OID, f'{actor.pk}:{key}')}"
