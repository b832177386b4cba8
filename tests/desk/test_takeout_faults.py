"""Archives that are broken, cut, changed, newer or mean: refused, with nothing half done."""

import json
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from nachhaken.desk.commands import RestoreError, restore
from nachhaken.desk.models import Prospect, User
from nachhaken.desk.takeout.archive import opened
from nachhaken.desk.takeout.fields import TABLES
from nachhaken.sources.kind import HEAD, Kind, is_export, kind_of
from tests import cast
from tests.cast import NOW
from tests.desk import taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("elsewhere")]

Parts = dict[str, bytes]


@pytest.fixture
def sound() -> bytes:
    user = taken.owner()
    cast.settle(cast.EVADER, actor=user)
    taken.keep_paper(user)
    return taken.exported(user)


def packed(parts: Parts, *, true: bool = True, **told: Any) -> bytes:
    """The parts as an archive; with `true` its manifest knows them as they are."""
    manifest = json.loads(parts["manifest.json"]) | told
    if true:
        manifest["parts"] = {
            n: {"size": len(raw), "sha256": sha256(raw).hexdigest()}
            for n, raw in parts.items()
            if n != "manifest.json"
        }
    return _with_manifest(parts, manifest)


def _with_manifest(parts: Parts, manifest: dict[str, Any]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as found:
        for name, raw in parts.items():
            if name != "manifest.json":
                found.writestr(name, raw)
        found.writestr("manifest.json", json.dumps(manifest))
    return out.getvalue()


def events(parts: Parts, change: Callable[[dict[str, Any]], object]) -> Parts:
    rows = [json.loads(line) for line in parts["data/events.jsonl"].splitlines()]
    change(rows[0])
    return parts | {"data/events.jsonl": b"".join(json.dumps(r).encode() + b"\n" for r in rows)}


SPOILT: dict[str, Callable[[Parts], bytes]] = {
    "another letter": lambda p: packed(
        p | {"data/events.jsonl": p["data/events.jsonl"].replace(b"sagen", b"sogen")}, true=False
    ),
    "a part less": lambda p: packed({n: r for n, r in p.items() if "people" not in n}, true=False),
    "a part less, and said so": lambda p: packed({n: r for n, r in p.items() if "people" not in n}),
    "a part more": lambda p: packed(p | {"data/more.jsonl": b""}, true=False),
    "a way out": lambda p: packed(p | {"documents/../../../etc/x": b"1"}),
    "a whole path": lambda p: packed(p | {"/etc/x": b"1"}),
    "another disk": lambda p: packed(p | {"documents/C:x": b"1"}),
    "a bomb": lambda p: packed(p | {"documents/null": b"\0" * 2**26}),
    "fewer rows": lambda p: packed(p | {"data/events.jsonl": b""}),
    "no JSON": lambda p: packed(p | {"data/events.jsonl": b"{{{\n"}),
    "no end of line": lambda p: packed(p | {"data/events.jsonl": p["data/events.jsonl"][:-1]}),
    "another field": lambda p: packed(events(p, lambda row: row.update(more=1))),
    "a number as text": lambda p: packed(events(p, lambda row: row.update(id="1"))),
    "a day as a moment": lambda p: packed(events(p, lambda row: row.update(recorded_at="1.1.26"))),
    "a strange kind": lambda p: packed(events(p, lambda row: row.update(kind="nonsense"))),
    "a strange payload": lambda p: packed(events(p, lambda row: row.update(payload={"a": 1}))),
    "nobody's event": lambda p: packed(events(p, lambda row: row.update(prospect_id=4711))),
    "an id twice": lambda p: packed(events(p, lambda row: row.update(id=row["id"] + 1))),
    "a huge id": lambda p: packed(events(p, lambda row: row.update(id=2**70))),
    "no format": lambda p: packed(p, format="1"),
    "format 0": lambda p: packed(p, format=0),
    "no key": lambda p: packed(p, block_list_key=7),
    "a list": lambda p: _with_manifest(p, []),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_archive_changes_nothing(how: str, sound: bytes, tmp_path: Path) -> None:
    raw = SPOILT[how](taken.parts(sound))
    user = taken.fresh_desk()
    before = taken.everything()
    with pytest.raises(RestoreError, match=r"bernommen|beschädigt"):
        restore(taken.kept(tmp_path, raw), actor=user, now=NOW)
    assert taken.everything() == before
    assert not taken.files()


def test_a_newer_format_says_so(sound: bytes, tmp_path: Path) -> None:
    raw = packed(taken.parts(sound), format=99)
    with pytest.raises(RestoreError, match="Fassung 99"):
        restore(taken.kept(tmp_path, raw), actor=taken.fresh_desk(), now=NOW)
    assert User.objects.count() == 1


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_archive_is_known_and_refused(share: float, sound: bytes, tmp_path: Path) -> None:
    file = taken.kept(tmp_path, sound[: int(len(sound) * share)])
    user = taken.fresh_desk()
    assert is_export(file)
    with pytest.raises(RestoreError, match="beschädigt"):
        restore(file, actor=user, now=NOW)
    assert not Prospect.objects.exists()


def test_an_archive_that_was_packed_anew_is_still_one(sound: bytes, tmp_path: Path) -> None:
    raw = packed(dict(reversed(taken.parts(sound).items())))
    file = taken.kept(tmp_path, raw)
    assert is_export(file)
    assert restore(file, actor=taken.fresh_desk(), now=NOW).prospects == 1


def test_an_export_is_known_by_its_first_bytes(sound: bytes, tmp_path: Path) -> None:
    assert kind_of(sound[:HEAD], "irgendwas.zip") is Kind.EXPORT
    other = taken.kept(tmp_path, b"PK\x03\x04 and nothing more", "other.zip")
    assert not is_export(other)
    assert not is_export(tmp_path)


@tries(max_examples=60)
@given(data=st.data())
def test_no_changed_byte_comes_in_unseen(data: st.DataObject) -> None:
    """Reading to the end finds the change, or what is read is what was written."""
    raw = bytearray(_small())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    file = Path(settings.DATA) / "changed.zip"
    file.write_bytes(raw)
    try:
        with opened(file) as archive:
            rows = [list(archive.rows(table)) for table in TABLES]
            archive.check_rest()
    except RestoreError:
        return
    assert not any(rows)


def _small() -> bytes:
    """An archive of nobody and nothing; made of fixed parts, so that it is the same each time."""
    parts = {table.path: b"" for table in TABLES} | {"README.txt": b"Hallo"}
    told: dict[str, Any] = {
        "about": "desk",
        "format": 1,
        "moment": NOW.isoformat(),
        "block_list_key": "00",
    }
    counts = {table.name: 0 for table in TABLES}
    return packed(parts | {"manifest.json": b"{}"}, counts=counts, **told)
