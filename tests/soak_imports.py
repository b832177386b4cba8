"""A hundred kills over imports of tables and mails: each ends as if nobody had disturbed it."""

from tests.real.killing_imports import campaign

KILLS = 100
STAGES = {
    *(".csv seen look", ".csv running read", ".csv running write", ".csv done plan"),
    *(".mbox seen look", ".mbox running read", ".mbox done plan"),
}


def test_a_hundred_killed_imports_end_as_undisturbed_ones() -> None:
    found = campaign(kills=KILLS, seed=7)
    print(found["killed_in"])
    assert found["faults"] == []
    # The kills met every stage: a campaign that never strikes in the middle proves nothing.
    assert found["killed_in"].keys() >= STAGES
