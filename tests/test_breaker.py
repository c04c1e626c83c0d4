from __future__ import annotations

from bot.breaker import Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def broken(clock: Clock, failures: int = 3) -> Breaker:
    breaker = Breaker(failures, 30, clock)
    for _ in range(failures):
        assert breaker.admits()
        breaker.failed()
    return breaker


def test_failures_in_a_row_open_it() -> None:
    assert not broken(Clock()).admits()


def test_a_success_in_between_begins_the_count_anew() -> None:
    breaker = Breaker(2, 30, Clock())
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.admits()


def test_after_the_pause_one_call_tries_for_all() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now = 30
    assert [breaker.admits() for _ in range(3)] == [True, False, False]
    breaker.succeeded()
    assert [breaker.admits() for _ in range(3)] == [True] * 3


def test_a_try_that_fails_opens_it_for_another_pause() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now = 30
    assert breaker.admits()
    breaker.failed()
    clock.now = 59
    assert not breaker.admits()
    clock.now = 60
    assert breaker.admits()


def test_a_try_that_nobody_waited_for_leaves_the_next_call_to_try() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now = 30
    assert breaker.admits()
    breaker.broken_off()
    assert [breaker.admits(), breaker.admits()] == [True, False]


def test_a_try_that_never_reports_back_does_not_close_it_for_ever() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now = 30
    assert breaker.admits()
    clock.now = 60
    assert breaker.admits()
