import itertools

import pytest

from bihuan.foundation.directory import recent


@pytest.fixture
def clock(monkeypatch):
    time = [100.0]
    monkeypatch.setattr(recent.time, "monotonic", lambda: time[0])
    return time


def test_an_answer_is_remembered_for_five_seconds(clock):
    memory, asked = recent.Recent(), itertools.count(1)
    read = lambda: next(asked)  # noqa: E731
    assert [memory.get("a", read), memory.get("a", read)] == [1, 1]
    clock[0] += 4.9
    assert memory.get("a", read) == 1
    clock[0] += 0.2
    assert memory.get("a", read) == 2


def test_forgetting(clock):
    memory = recent.Recent()
    memory.get("a", lambda: 1)
    memory.get("b", lambda: 1)
    memory.forget("a")
    assert [memory.get("a", lambda: 2), memory.get("b", lambda: 2)] == [2, 1]
    recent.forget_all()
    assert memory.get("b", lambda: 3) == 3


def test_it_never_grows_beyond_its_size(clock):
    memory = recent.Recent(size=3)
    for number in range(10):
        memory.get(number, lambda: 1)
    assert len(memory._answers) <= 3


def test_errors_are_not_remembered(clock):
    memory = recent.Recent()
    with pytest.raises(KeyError):
        memory.get("a", lambda: {}["a"])
    assert memory.get("a", lambda: 1) == 1
