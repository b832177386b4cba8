"""A set of mail numbers is a set, whatever form its numbers come in."""

from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nachhaken.sources.uid_set import NoUidSet, UidSet

UIDS = st.sets(st.integers(1, 60)) | st.sets(st.integers(1, 2**32 - 1), max_size=20)


@given(UIDS)
def test_a_set_holds_what_it_was_made_of(uids: set[int]) -> None:
    found = UidSet.of(list(uids) * 2)
    assert (list(found), len(found), bool(found)) == (sorted(uids), len(uids), bool(uids))
    assert found.last == max(uids, default=0)


@given(UIDS, UIDS)
def test_the_operators_are_those_of_sets(one: set[int], other: set[int]) -> None:
    a, b = UidSet.of(one), UidSet.of(other)
    assert a | b == UidSet.of(one | other)
    assert a - b == UidSet.of(one - other)
    assert a & b == UidSet.of(one & other)
    assert all((uid in a) == (uid in one) for uid in one | other)


@given(UIDS)
def test_what_was_written_is_read_again(uids: set[int]) -> None:
    found = UidSet.of(uids)
    assert UidSet.read(str(found)) == found
    assert all(after[0] > before[1] + 1 for before, after in pairwise(found.ranges))


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99))))
def test_a_set_is_read_in_whatever_order_a_server_tells_it(ranges: list[tuple[int, int]]) -> None:
    told = ",".join(f"{start}:{end}" for start, end in ranges)
    meant = {uid for pair in ranges for uid in range(min(pair), max(pair) + 1)}
    assert set(UidSet.read(told)) == meant


@pytest.mark.parametrize("text", ["x", "1:", "1:2:3", "0", "1:x", "-3", "1 2", "*", "²"])
def test_what_is_no_set_is_refused(text: str) -> None:
    with pytest.raises(NoUidSet):
        UidSet.read(text)


def test_a_hundred_thousand_numbers_with_gaps_take_no_time() -> None:
    start = process_time()
    taken = UidSet.of(range(1, 300_000, 3))
    missing = UidSet.of(range(1, 300_000, 2)) - taken
    assert len(UidSet.read(str(taken)) | missing) == 200_000
    assert 299_998 in taken
    assert process_time() - start < 3  # most of it on a busy machine
