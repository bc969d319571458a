import threading

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from api.answering.reading.batches import Batches, LargeBatches, SmallBatches, batches_for
from api.answering.reading.pair_encoding import Encoded
from api.answering.reading.reader import ReaderPrecision

_LENGTHS = st.lists(st.integers(1, 40), max_size=30)
_LONGEST = 40


def _windows(lengths: list[int]) -> list[Encoded]:
    return [
        Encoded(owner=owner, ids=[0] * length, second=0, passage=0, offsets=[])
        for owner, length in enumerate(lengths)
    ]


@given(_LENGTHS, st.sampled_from([LargeBatches(tokens=64), SmallBatches(), SmallBatches(most=3)]))
def test_every_window_is_in_one_batch_and_longest_come_first(
    lengths: list[int], batches: Batches
) -> None:
    split = batches.split(_windows(lengths), _LONGEST)
    assert sorted(window.owner for batch in split for window in batch) == [*range(len(lengths))]
    ordered = [len(window.ids) for batch in split for window in batch]
    assert ordered == sorted(lengths, reverse=True)
    for batch in split:
        assert batches.width(len(batch[0].ids), _LONGEST) >= len(batch[0].ids)


@given(_LENGTHS)
def test_large_batches_stay_within_their_tokens(lengths: list[int]) -> None:
    batches = LargeBatches(tokens=64)
    for batch in batches.split(_windows(lengths), _LONGEST):
        width = batches.width(len(batch[0].ids), _LONGEST)
        assert len(batch) == 1 or len(batch) * width <= 64


@pytest.mark.usefixtures("two_threads")
def test_small_batches_end_in_single_windows_for_every_thread() -> None:
    sizes = [len(batch) for batch in SmallBatches(most=2).split(_windows([9] * 8), _LONGEST)]
    assert sizes == [2, 2, 2, 1, 1]
    assert [len(batch) for batch in SmallBatches().split(_windows([9, 4]), _LONGEST)] == [1, 1]


@pytest.mark.usefixtures("two_threads")
def test_small_batches_are_computed_side_by_side_each_by_one_thread() -> None:
    together = threading.Barrier(2, timeout=20)

    def compute(number: int) -> tuple[int, int]:
        together.wait()  # raises unless two batches are computed at the same time
        return number, torch.get_num_threads()

    assert list(SmallBatches().compute(compute, [3, 1, 4, 1])) == [(3, 1), (1, 1), (4, 1), (1, 1)]


def test_one_batch_is_computed_where_it_is_called() -> None:
    for batches in (SmallBatches(), LargeBatches()):
        names = list(batches.compute(lambda _: threading.current_thread().name, [0]))
        assert names == [threading.current_thread().name]


@pytest.mark.usefixtures("two_threads")
def test_what_fails_in_a_thread_fails_where_it_is_called() -> None:
    with pytest.raises(ZeroDivisionError):
        list(SmallBatches().compute(lambda number: 1 // number, [1, 0, 1]))


@pytest.mark.parametrize(
    "precision", [one for one in ReaderPrecision if one is not ReaderPrecision.AUTO]
)
def test_bfloat16_alone_is_computed_in_large_batches(precision: ReaderPrecision) -> None:
    large = isinstance(batches_for(precision), LargeBatches)
    assert large == (precision is ReaderPrecision.BFLOAT16)
