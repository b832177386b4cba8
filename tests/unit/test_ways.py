"""Ways to follow up in one's own model and in others: the same by seed, and within what can be."""

from dataclasses import asdict

import pytest

from nachhaken.engine import Money, standard
from nachhaken.learning.compare import CompareError
from nachhaken.learning.ways import Compared, Way, compare_ways


def played(seed: int = 1, **more: object) -> Compared:
    money = Money(**more) if more else Money()  # type: ignore[arg-type]
    return compare_ways(standard(), money, value=4000.0, matters=400, worlds=3, each=150, seed=seed)


@pytest.fixture(scope="module")
def compared() -> Compared:
    return played()


def test_the_same_seed_plays_the_same_and_another_otherwise(compared: Compared) -> None:
    assert asdict(played()) == asdict(compared)
    assert asdict(played(seed=2)) != asdict(compared)


def test_every_figure_lies_in_its_interval_and_shares_make_a_whole(compared: Compared) -> None:
    assert [one.way for one in compared.ways] == list(Way)
    for one in compared.ways:
        for figure in (one.eur, one.yes, one.early_no, one.late_no, one.hours, one.annoyed):
            assert figure.low <= figure.value <= figure.high
        assert one.yes.value + one.early_no.value + one.late_no.value == pytest.approx(1.0)
        assert 0 <= one.annoyed.value <= 1


def test_pushing_annoys_more_and_takes_more_hours_than_being_shy(compared: Compared) -> None:
    by_way = {one.way: one for one in compared.ways}
    assert by_way[Way.PUSHY].annoyed.low > by_way[Way.SHY].annoyed.high
    assert by_way[Way.PUSHY].hours.low > by_way[Way.SHY].hours.high


def test_each_world_has_one_winner_and_leads_are_in_order(compared: Compared) -> None:
    robust = compared.robust
    assert sum(robust.wins.values()) == robust.worlds == 3
    assert robust.wins[robust.best] == max(robust.wins.values())
    assert robust.least <= robust.mean <= robust.most
    assert robust.most > 0


def test_progress_is_told_part_by_part() -> None:
    told: list[tuple[int, int]] = []
    compare_ways(
        standard(), Money(), value=4000.0, matters=20, worlds=2, each=20,
        done=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == [(n, 6) for n in range(1, 7)]


def test_a_dearer_hour_leaves_less(compared: Compared) -> None:
    dear = {one.way: one.eur.value for one in played(hour_eur=200.0).ways}
    usual = {one.way: one.eur.value for one in compared.ways}
    assert all(dear[way] < usual[way] for way in (Way.SHY, Way.FIXED, Way.PUSHY))


def test_nothing_to_play_is_refused() -> None:
    with pytest.raises(CompareError):
        compare_ways(standard(), Money(), value=4000.0, matters=10, worlds=1, each=0)
