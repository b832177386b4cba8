"""The guides for moving in, followed: files, columns, counts, and what stands on today's list."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Event, ImportRun, User
from nachhaken.desk.templatetags.columns import column_word
from nachhaken.sources.headers import folded
from nachhaken.sources.offer_words import status_of
from nachhaken.sources.profiles import profiles
from nachhaken.sources.tables import About, preview
from tests import cast
from tests.cast import NOW
from tests.desk.looked import state

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "tests" / "corpus" / "tables"
GUIDES = sorted((ROOT / "docs" / "handbuch").glob("umzug-*.md"))
MEANT = {
    "offen": "open",
    "angeboten": "offered",
    "Auftrag": "won",
    "Absage": "lost",
    "zurückgezogen": "withdrawn",
}


@dataclass(frozen=True)
class Guide:
    """What a guide says: the tables under its headings, its steps, and the words in it."""

    name: str
    text: str

    def section(self, title: str) -> str:
        """Return what stands below a heading."""
        return re.split(r"^## ", self.text.split(f"{title}\n", 1)[1], flags=re.MULTILINE)[0]

    def steps(self) -> list[str]:
        """Return what is taken in, in the order of the guide."""
        return re.findall(
            r"^\d\. \*\*(.+?)\*\*", self.section("in dieser Reihenfolge"), re.MULTILINE
        )

    def files(self) -> list[tuple[str, tuple[int, ...]]]:
        """Return each file of the example with what it counts: new, changed, left."""
        found = re.findall(r"^\| `(.+)` \| (\d+) \| (\d+) \| (\d+) \|$", self.text, re.MULTILINE)
        return [(name, tuple(map(int, counts))) for name, *counts in found]

    def columns(self) -> list[tuple[str, str, str]]:
        """Return the columns that it names: in the file of which step, and what they become."""
        steps = "|".join(self.steps())
        return re.findall(rf"^\| ({steps}) \| (.+) \| (.+) \|$", self.text, re.MULTILINE)

    def stages(self) -> list[tuple[str, str]]:
        """Return the words for how things stand there, with what they mean here."""
        found = re.findall(rf"^\| (.+) \| ({'|'.join(MEANT)}) \|$", self.text, re.MULTILINE)
        return [(word, meaning) for words, meaning in found for word in words.split(", ")]

    def on_today(self) -> set[tuple[str, ...]]:
        """Return who stands on today's list, and with what."""
        lines = re.findall(r"^- (.+): (.+)$", self.section("ein kleiner Umzug"), re.MULTILINE)
        return set(lines)

    @property
    def program(self) -> str:
        """The name of the program that one moves out of."""
        return self.text.splitlines()[0].removeprefix("# Umzug aus ")


@pytest.fixture(params=GUIDES, ids=lambda path: path.stem)
def guide(request: pytest.FixtureRequest) -> Guide:
    return Guide(request.param.stem, request.param.read_text(encoding="utf-8"))


@pytest.fixture
def owner(settings: object, tmp_path: Path) -> User:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return cast.owner()


def follow(guide: Guide, actor: User) -> list[commands.Imported]:
    return [
        commands.import_file(raw=raw(name), name=name, actor=actor, now=NOW)
        for name, _ in guide.files()
    ]


def raw(name: str) -> bytes:
    return (TABLES / name).read_bytes()


def test_there_is_a_guide_for_each_way_in() -> None:
    names = [path.stem for path in GUIDES]
    assert names == ["umzug-centralstation", "umzug-excel", "umzug-hubspot", "umzug-pipedrive"]


def test_the_files_follow_its_steps(guide: Guide) -> None:
    files = [name for name, _ in guide.files()]
    assert len(files) == len(guide.steps())
    told = {
        "Unternehmen": About.CONTACTS,
        "Organisationen": About.CONTACTS,
        "Personen": About.CONTACTS,
        "Kontakte": About.CONTACTS,
        "Deals": About.OPPORTUNITIES,
        "Aktivitäten": About.ACTIVITIES,
        "Gespräche": About.ACTIVITIES,
        "Angebote": About.OFFERS if guide.program == "Excel" else About.OPPORTUNITIES,
    }
    seen = [preview(raw(name), name) for name in files]
    assert [one.about for one in seen] == [told[step] for step in guide.steps()]
    assert {one.profile for one in seen} == {"" if guide.program == "Excel" else guide.program}


def test_its_columns_stand_in_the_files_and_mean_what_it_says(guide: Guide) -> None:
    at = dict(zip(guide.steps(), [name for name, _ in guide.files()], strict=True))
    assert {step for step, _, _ in guide.columns()} == set(guide.steps())
    for step, header, word in guide.columns():
        columns = {one.header: one.field for one in preview(raw(at[step]), at[step]).columns}
        assert header in columns, (step, header)
        assert column_word(str(columns[header] or "")) == word, (step, header)


def test_its_stages_mean_what_it_says(guide: Guide) -> None:
    own = [one.stages for one in profiles() if one.program == guide.program and one.stages]
    assert len(guide.stages()) > len(MEANT)
    for word, meaning in guide.stages():
        found = own[0][folded(word)] if own else status_of("" if word == "leer" else word)
        assert found == MEANT[meaning], word


def test_it_counts_as_it_says_and_leads_to_the_list_of_today(guide: Guide, owner: User) -> None:
    done = follow(guide, owner)
    counted = [(one.name, (one.new, one.changed, one.skipped + len(one.faults))) for one in done]
    assert counted == guide.files()
    page = queries.today(owner, now=NOW)
    assert {(row.prospect, row.title) for row in page.rows} == guide.on_today()


def test_the_second_time_brings_nothing_new(guide: Guide, owner: User) -> None:
    follow(guide, owner)
    before, events = state(), Event.objects.count()
    again = follow(guide, owner)
    assert [(one.new, one.changed) for one in again] == [(0, 0)] * len(again)
    assert (state(), Event.objects.count()) == (before, events)


def test_taken_back_from_the_last_it_leaves_an_empty_desk(guide: Guide, owner: User) -> None:
    empty = state()
    assert not any(empty.values())
    follow(guide, owner)
    whole = state()
    for _ in range(2):
        _take_back(owner)
        assert state() == empty
        assert queries.today(owner, now=NOW).rows == ()
        assert queries.prospect_list(owner).total == 0
        assert queries.opportunity_list(owner).total == 0
        follow(guide, owner)
        assert state() == whole


def _take_back(owner: User) -> None:
    for run in ImportRun.objects.filter(state=ImportRun.State.DONE).order_by("-pk"):
        assert commands.revert_import(actor=owner, now=NOW, run_id=run.pk)


def test_its_look_says_before_what_comes(guide: Guide, owner: User) -> None:
    for name, _ in guide.files():
        looked = commands.import_file(raw=raw(name), name=name, actor=owner, now=NOW, dry_run=True)
        done = commands.import_file(raw=raw(name), name=name, actor=owner, now=NOW)
        assert (looked.new, looked.changed, looked.faults) == (done.new, done.changed, done.faults)
