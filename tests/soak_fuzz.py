"""A hundred thousand mutated mails and twenty thousand mutated tables: half an hour or more."""

import pytest

from tests import fuzzing

MAILS, TABLES, LOTS = 100_000, 20_000, 10


@pytest.mark.parametrize("lot", range(LOTS))
def test_no_mail_stops_the_reading(lot: int) -> None:
    found = fuzzing.mails(MAILS // LOTS, lot, bases=fuzzing.bases())
    print(found.told())
    assert found.faults == {}, found.told()
    assert found.refused < found.cases / 2


@pytest.mark.parametrize("lot", range(LOTS))
def test_no_table_stops_the_reading(lot: int) -> None:
    found = fuzzing.tables(TABLES // LOTS, lot)
    print(found.told())
    assert found.faults == {}, found.told()
    assert found.refused < found.cases
