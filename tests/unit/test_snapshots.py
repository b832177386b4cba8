"""The Monday forecasts: what they may know, whom they are for, and whether they are any good."""

import csv
import gzip
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from nachhaken.cli import cli
from nachhaken.learning.calibration import auc, brier, rows_of
from nachhaken.learning.outcomes import LearningError
from nachhaken.learning.snapshots.forecast import (
    Predicted,
    learnt_until,
    mondays,
    morning,
    predictions,
    start_of,
)
from nachhaken.learning.snapshots.log import COLUMNS, Case, LogError, read_log
from nachhaken.learning.snapshots.model import Forecast

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "bpic2012"
START = datetime(2011, 9, 5, 7, tzinfo=UTC)
LEARN_UNTIL = date(2011, 11, 7)
SPAN = mondays(date(2011, 11, 7), date(2011, 11, 28))
Line = dict[str, str]


@dataclass
class Log:
    """Lines as a person would write them into a table."""

    lines: list[Line] = field(default_factory=list)

    def add(self, case: str, day: float, activity: str, lifecycle: str = "COMPLETE") -> None:
        at = (START + timedelta(days=day)).isoformat()
        known = {"case_id": case, "amount_req": "5000", "reg_date": START.isoformat()}
        self.lines.append(known | {"activity": activity, "lifecycle": lifecycle, "timestamp": at})

    def cases(self, folder: Path) -> list[Case]:
        return read_log(self.written(folder))

    def written(self, folder: Path) -> Path:
        file = folder / "log.csv.gz"
        with gzip.open(file, "wt", newline="") as raw:
            table = csv.DictWriter(raw, COLUMNS)
            table.writeheader()
            table.writerows(self.lines)
        return file


def business(count: int = 200) -> Log:
    """Offers over twelve weeks: who replies soon mostly buys, who is silent goes after 30 days."""
    log, rng = Log(), np.random.default_rng(7)
    for n in range(count):
        name, sent = f"c{n}", float(rng.uniform(0, 84))
        log.add(name, sent, "O_SENT")
        replies = rng.random() < 0.55
        end = sent + (rng.exponential(6) + 2 if replies else 30.0)
        for call in np.arange(sent + 3, min(end, sent + 25), 4 + rng.random()).tolist():
            log.add(name, call, "W_Nabellen offertes", "START")
            log.add(name, call + 0.002, "W_Nabellen offertes")
        if replies:
            log.add(name, end, "O_SENT_BACK")
            won = rng.random() < 0.8
            log.add(name, end + 4 * rng.random(), "A_APPROVED" if won else "A_DECLINED")
        else:
            log.add(name, end, "A_CANCELLED")
    return log


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    return business().cases(tmp_path_factory.mktemp("log"))


@pytest.fixture(scope="module")
def model(cases: list[Case]) -> Forecast:
    return learnt_until(cases, LEARN_UNTIL)


def forecast(cases: Sequence[Case], model: Forecast) -> list[Predicted]:
    return list(predictions(cases, model, SPAN))


def changed(case: Case, since: float) -> Case:
    """The same case, gone the other way from `since` on."""
    other = {"A_APPROVED": "A_DECLINED", "A_DECLINED": "A_APPROVED", "A_CANCELLED": "O_SENT_BACK"}
    events = (
        e if e.at < since else e._replace(activity=other.get(e.activity, e.activity))
        for e in case.events
    )
    return replace(case, events=tuple(events))


def test_every_open_offer_stands_once_under_each_monday(cases: list[Case], model: Forecast) -> None:
    rows = forecast(cases, model)
    expected = Counter(
        (case.id, day)
        for case in cases
        for day in SPAN
        if case.offered < morning(day) and not case.closed < morning(day)
    )
    assert Counter((row.case_id, row.snapshot) for row in rows) == expected
    assert len(expected) > 150
    assert all(0 < row.p_won < 1 for row in rows)


def test_what_comes_later_changes_no_forecast(cases: list[Case], model: Forecast) -> None:
    for day in SPAN:
        later = [changed(case, morning(day)) for case in cases]
        assert later != cases
        told = [case.until(morning(day)) for case in cases]
        rows = list(predictions(cases, model, [day]))
        assert rows == list(predictions(later, model, [day]))
        assert rows == list(predictions([c for c in told if c.events], model, [day]))


def test_learning_ends_when_it_is_told_to(cases: list[Case], model: Forecast) -> None:
    end = start_of(LEARN_UNTIL)
    other = [changed(case, end) for case in cases]
    assert other != cases
    rows = forecast(cases, model)
    assert rows == forecast(cases, learnt_until(other, LEARN_UNTIL))
    assert rows != forecast(cases, learnt_until(cases, SPAN[2]))


def test_mornings_are_those_of_amsterdam() -> None:
    # The clock went back on 30 October 2011.
    assert morning(date(2011, 10, 24)) == datetime(2011, 10, 24, 6, tzinfo=UTC).timestamp()
    assert morning(date(2011, 10, 31)) == datetime(2011, 10, 31, 7, tzinfo=UTC).timestamp()
    assert start_of(date(2012, 1, 1)) == datetime(2011, 12, 31, 23, tzinfo=UTC).timestamp()


def test_the_morning_decides_by_its_instant_whatever_the_zone_of_an_event(
    tmp_path: Path, model: Forecast
) -> None:
    def mondays_seen(sent: str) -> int:
        log = Log()
        log.add("new", 0, "O_SENT")
        log.lines[0]["timestamp"] = sent
        return len(forecast(log.cases(tmp_path), model))

    assert mondays_seen("2011-11-28T07:59:59.999+01:00") == 1
    assert mondays_seen("2011-11-28T08:00:00+01:00") == 0
    assert mondays_seen("2011-11-28T08:59:59+02:00") == 1


def test_a_span_holds_its_mondays_at_both_ends() -> None:
    assert mondays(date(2012, 1, 1), date(2012, 1, 16)) == [date(2012, 1, d) for d in (2, 9, 16)]
    assert mondays(date(2012, 1, 2), date(2012, 1, 2)) == [date(2012, 1, 2)]
    assert mondays(date(2012, 1, 3), date(2012, 1, 8)) == []


def test_the_forecast_knows_more_than_the_share(cases: list[Case], model: Forecast) -> None:
    ends = {case.id: case for case in cases}
    rows = forecast(cases, model)
    score = rows_of([row.p_won for row in rows], [ends[row.case_id].won for row in rows])
    assert brier(score) < brier(rows_of(np.full(len(rows), 0.44), score.outcomes)) - 0.03
    assert auc(score) > 0.7


def test_undecided_cases_temper_what_the_quickly_decided_promise(
    cases: list[Case], model: Forecast
) -> None:
    decided = [case for case in cases if case.closed < start_of(LEARN_UNTIL)]
    ends = {case.id: case.won for case in cases}
    rows, hopeful = forecast(cases, model), forecast(cases, learnt_until(decided, LEARN_UNTIL))
    share = np.mean([ends[row.case_id] for row in rows])
    ours, theirs = (float(np.mean([r.p_won for r in each])) for each in (rows, hopeful))
    # Replies come within days, a cancellation after thirty.
    assert ours < theirs
    assert abs(ours - share) < abs(theirs - share)


def test_of_a_silent_offer_hope_goes_with_the_days(cases: list[Case], model: Forecast) -> None:
    one = replace(cases[0], events=cases[0].events[:1])
    days = [
        datetime.fromtimestamp(one.offered, UTC).date() + timedelta(days=n) for n in (2, 12, 28)
    ]
    new, older, old = (row.p_won for row in predictions([one], model, days))
    assert new > older > old


def test_too_little_is_said_and_not_learnt_from(cases: list[Case]) -> None:
    with pytest.raises(LearningError, match="20 are needed"):
        learnt_until(cases, date(2011, 9, 12))
    with pytest.raises(LearningError, match="no offer"):
        learnt_until(cases, date(2011, 9, 1))


def test_faults_of_a_log_are_named(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("case_id,activity,timestamp\n")
    with pytest.raises(LogError) as columns:
        read_log(file)
    assert (columns.value.kind, columns.value.where) == (
        "columns",
        "amount_req, reg_date, lifecycle",
    )
    row = "1,5000,2011-10-01T08:00:00+02:00,O_SENT,COMPLETE,2011-10-01T08:00:00"
    for wrong in (row, row.replace("5000", "viel") + "+02:00", "1,5000"):
        file.write_text(f"{','.join(COLUMNS)}\n{row}+02:00\n{wrong}\n")
        with pytest.raises(LogError) as fault:
            read_log(file)
        assert (fault.value.kind, fault.value.where) == ("row", "3")
    packed = gzip.compress(f"{','.join(COLUMNS)}\n{row}+02:00\n".encode())
    file.write_bytes(packed[:-9])
    with pytest.raises(LogError) as cut:
        read_log(file)
    assert (cut.value.kind, cut.value.where) == ("file", "log.csv")
    file.write_bytes(packed)
    assert [case.id for case in read_log(file)] == ["1"]


def typed(events: Path, output: Path, *dates: str) -> Result:
    words = ["bench", "snapshots", "--events", str(events), "-o", str(output)]
    options = zip(("--learn-until", "--predict-from", "--predict-until"), dates, strict=True)
    english = {"LANG": "en_GB.UTF-8", "LC_ALL": None, "LC_MESSAGES": None}
    return CliRunner(env=english).invoke(cli, [*words, *chain(*options)])


def test_the_command_writes_the_forecast(
    tmp_path: Path, cases: list[Case], model: Forecast
) -> None:
    output = tmp_path / "predictions.csv"
    done = typed(business().written(tmp_path), output, "2011-11-07", "2011-11-07", "2011-11-28")
    assert done.exit_code == 0, done.output
    with output.open(newline="") as file:
        rows = list(csv.DictReader(file))
    expected = forecast(cases, model)
    assert [(r["case_id"], r["snapshot"]) for r in rows] == [
        (r.case_id, r.snapshot.isoformat()) for r in expected
    ]
    assert [float(r["p_won"]) for r in rows] == pytest.approx([r.p_won for r in expected], abs=1e-6)


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        (("2011-11-07", "2011-11-08", "2011-11-13"), "no Monday from 2011-11-08 to 2011-11-13"),
        (("2011-11-08", "2011-11-01", "2011-11-30"), "(2011-11-07) comes before learning ends"),
        (("2011-09-12", "2011-11-01", "2011-11-30"), "Too little is decided before 2011-09-12"),
    ],
)
def test_the_command_refuses_dates_that_do_not_serve(
    tmp_path: Path, dates: tuple[str, ...], sentence: str
) -> None:
    output = tmp_path / "predictions.csv"
    done = typed(business().written(tmp_path), output, *dates)
    assert (done.exit_code, sentence in done.output, output.exists()) == (1, True, False)


def test_the_command_names_what_the_log_lacks(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("case_id,amount_req,reg_date,lifecycle,timestamp\n")
    done = typed(file, tmp_path / "out.csv", "2011-11-07", "2011-11-07", "2011-11-28")
    assert (done.exit_code, done.output) == (1, "Error: The log lacks columns: activity\n")


@pytest.mark.skipif(not REAL.exists(), reason="the log of the bank is not here")
def test_a_real_december_is_forecast_better_than_by_its_share() -> None:
    cases = read_log(REAL / "events_before_2012.csv.gz")
    ends = {case.id: case for case in cases}
    model = learnt_until(cases, date(2011, 11, 14))
    rows = [
        row
        for row in predictions(cases, model, mondays(date(2011, 11, 14), date(2011, 12, 5)))
        if ends[row.case_id].closed < np.inf
    ]
    score = rows_of([row.p_won for row in rows], [ends[row.case_id].won for row in rows])
    assert len(rows) > 2000
    assert brier(score) < 0.22
    assert auc(score) > 0.7
