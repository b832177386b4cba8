"""Everything out and in again: nothing is forgotten, nothing else comes, nothing is half done."""

import csv
import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from nachhaken.desk import models, queries
from nachhaken.desk.access import RefusedError
from nachhaken.desk.blocking import standing_ground
from nachhaken.desk.commands.restoring import is_fresh, restore
from nachhaken.desk.documents import bytes_of
from nachhaken.desk.models import Opportunity, Outgoing, User
from nachhaken.desk.pages import OpportunityPage
from nachhaken.desk.planning import plan_missing
from nachhaken.desk.takeout.fields import DERIVED, STAYS, TABLES
from nachhaken.desk.takeout.whole import export_all
from tests.cast import NOW
from tests.desk import taken

UNDER_WAY = ("queued", "claimed", "transmitting")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("elsewhere")]


def test_every_field_of_every_table_is_exported_derived_or_stays() -> None:
    own = {m for m in apps.get_app_config("desk").get_models() if m._meta.managed}
    assert own == {table.model for table in TABLES} | {*DERIVED, *STAYS}
    for table in TABLES:
        named = f"{table.data} {table.files} {table.derived} {table.stays}".split()
        fields = [*table.model._meta.concrete_fields, *table.model._meta.many_to_many]
        assert sorted(named) == sorted(field.name for field in fields), table.name


def test_x5_everything_comes_back_as_it_was(tmp_path: Path) -> None:
    owner = taken.full_desk()
    before, concluded = taken.everything(), taken.concluded()
    today = queries.today(owner, now=NOW, minutes=60)
    pages = {pk: _page(owner, pk) for pk in _open()}
    first = taken.exported(owner)
    assert all(before.values()), "the desk of the test has a row in every table"

    user = taken.fresh_desk()
    restored = restore(taken.kept(tmp_path, first), actor=user, now=NOW)
    while plan_missing(now=NOW):
        pass

    assert restored.user is not None
    assert restored.user.check_password("Treppenstufe-77")
    after = taken.everything()
    for name, rows in before.items():
        assert after[name] == _as_it_comes(name, rows), name
    assert taken.concluded() == concluded
    assert queries.today(restored.user, now=NOW, minutes=60) == today
    assert {pk: _page(restored.user, pk) for pk in _open()} == pages
    assert taken.PDF in [bytes_of(row) for row in models.Document.objects.all()]
    assert taken.parts(taken.exported(restored.user)) == taken.parts(first)
    assert taken.exported(restored.user) == first


def _page(user: User, pk: int) -> OpportunityPage:
    """Colleagues come inactive, so that nobody can be asked to take over."""
    return replace(queries.opportunity(user, pk, now=NOW), may_hand_over=False)


def _open() -> list[int]:
    return list(Opportunity.objects.values_list("pk", flat=True))


def _as_it_comes(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was only looked at stays, and what was running ended."""
    if name != "import_runs":
        return rows
    ended = {"running": "failed", "done": "done"}
    return [r | {"state": ended[r["state"]]} for r in rows if r["state"] != "seen"]


def test_others_come_without_a_password_and_inactive(tmp_path: Path) -> None:
    raw = taken.exported(taken.full_desk())
    restore(taken.kept(tmp_path, raw), actor=taken.fresh_desk(), now=NOW)
    other = User.objects.get(username="jo@x.example")
    assert not other.is_active
    assert not other.has_usable_password()


def test_who_has_another_address_goes_on_as_the_first_user(tmp_path: Path) -> None:
    first = taken.full_desk()
    raw = taken.exported(first)
    restored = restore(taken.kept(tmp_path, raw), actor=taken.fresh_desk("neu@x.example"), now=NOW)
    assert restored.user is not None
    assert (restored.user.pk, restored.user.username) == (first.pk, "neu@x.example")
    assert Opportunity.objects.filter(owner=restored.user).exists()


def test_who_objected_stays_on_the_block_list_of_another_desk(tmp_path: Path) -> None:
    raw = taken.exported(taken.full_desk())
    blocked = models.Blocked.objects.count()
    restore(taken.kept(tmp_path, raw), actor=taken.fresh_desk(), now=NOW)
    while plan_missing(now=NOW):
        pass
    assert models.Blocked.objects.count() == blocked
    assert standing_ground(list(models.Blocked.objects.values_list("digest", flat=True)))


def test_a_mail_on_its_way_is_not_sent_a_second_time(tmp_path: Path) -> None:
    owner = taken.full_desk()
    for row, state in zip(Outgoing.objects.all(), UNDER_WAY, strict=True):
        Outgoing.objects.filter(pk=row.pk).update(state=state, due_at=NOW)
    restore(taken.kept(tmp_path, taken.exported(owner)), actor=taken.fresh_desk(), now=NOW)
    assert set(Outgoing.objects.values_list("state", "due_at")) == {("unknown", None)}


def test_no_secret_is_in_it() -> None:
    owner = taken.full_desk()
    found = b"".join(taken.parts(taken.exported(owner)).values())
    for secret in (owner.password.encode(), b"c2VhbGVk", b"f" * 64, b"t" * 43):
        assert secret not in found


def test_cells_are_never_formulas_and_numbers_are_german() -> None:
    found = taken.parts(taken.exported(taken.full_desk()))
    tables = {n: list(csv.reader(StringIO(raw.decode("utf-8-sig")), delimiter=";"))
              for n, raw in found.items() if n.startswith("tables/")}  # fmt: skip
    assert len(tables) == 6
    cells = [cell for rows in tables.values() for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=Aufmaß; bei\nHubers" in cells
    assert "38400,00" in cells


def test_the_parts_are_what_the_manifest_says() -> None:
    found = taken.parts(taken.exported(taken.full_desk()))
    manifest = json.loads(found.pop("manifest.json"))
    assert manifest["parts"].keys() == found.keys()
    assert {n: len(raw) for n, raw in found.items()} == {
        n: part["size"] for n, part in manifest["parts"].items()
    }
    assert manifest["counts"]["events"] == found["data/events.jsonl"].count(b"\n")


def test_a_desk_with_customers_takes_nothing_in(tmp_path: Path) -> None:
    owner = taken.full_desk()
    before = taken.everything()
    assert not is_fresh()
    with pytest.raises(ValueError, match="frischen Tisch"):
        restore(taken.kept(tmp_path, taken.exported(owner)), actor=owner, now=NOW)
    assert taken.everything() == before


def test_who_may_not_see_everything_takes_nothing_along() -> None:
    owner = taken.full_desk()
    User.objects.update(is_active=False)
    owner.refresh_from_db()
    with pytest.raises(RefusedError):
        export_all(user=owner, now=NOW)


def test_the_page_names_every_field() -> None:
    told = (Path(__file__).parents[2] / "docs" / "export.md").read_text()
    rows = {c[1]: c for line in told.splitlines() if len(c := line.split("|")) == 7}
    for table in TABLES:
        _, _, _, fields, anew, stays, _ = rows[f" `{table.path}` "]
        assert re.findall(r"`(\w+)`", fields) == [field.attname for field in table.fields]
        assert re.findall(r"`(\w+)`", anew) == table.derived.split()
        assert re.findall(r"`(\w+)`", stays) == table.stays.split()
