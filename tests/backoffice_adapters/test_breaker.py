from __future__ import annotations

from ventanilla.backoffice_adapters.breaker import LONGEST_REST_S, Breaker


class Hand:
    """A clock's hand that a test moves."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def tripped() -> tuple[Breaker, Hand]:
    hand = Hand()
    breaker = Breaker(trip=3, rest_s=1, longest_s=4, now=hand)
    for _ in range(3):
        assert breaker.rest() == 0
        breaker.failed()
    return breaker, hand


def test_failures_in_a_row_start_a_rest_and_others_do_not() -> None:
    breaker, _ = tripped()
    assert breaker.rest() == 1
    calm = Breaker(trip=3, rest_s=1, longest_s=4)
    for _ in range(9):
        calm.failed()
        calm.failed()
        calm.worked()
    assert calm.rest() == 0


def test_after_a_rest_one_call_at_a_time_is_let_through() -> None:
    breaker, hand = tripped()
    hand.now += 1
    assert [bool(breaker.rest()) for _ in range(4)] == [False, True, True, True]
    hand.now += 60
    assert breaker.rest(), "whoever tries it may take its time"
    breaker.unsaid()
    assert [bool(breaker.rest()) for _ in range(2)] == [False, True]
    breaker.worked()
    assert [breaker.rest() for _ in range(2)] == [0, 0]


def test_rests_grow_and_stay_short_enough_to_be_back_in_five_seconds() -> None:
    breaker, hand = tripped()
    rests: list[float] = []
    for _ in range(5):
        rests.append(breaker.resting())
        hand.now += rests[-1]
        assert breaker.rest() == 0
        breaker.failed()
    assert rests == [1, 2, 4, 4, 4]
    hand.now += 4
    breaker.worked()
    for _ in range(3):
        breaker.failed()
    assert breaker.resting() == 1


def test_calls_that_began_before_the_rest_do_not_lengthen_it() -> None:
    breaker, hand = tripped()
    hand.now += 0.5
    for _ in range(16):
        breaker.failed()
    assert breaker.resting() == 0.5


def test_looking_lets_nobody_through() -> None:
    breaker, hand = tripped()
    hand.now += 1
    assert breaker.resting() == breaker.resting() == 0
    assert breaker.rest() == 0


def test_an_office_that_says_when_is_left_alone_until_then_but_not_for_minutes() -> None:
    hand = Hand()
    breaker = Breaker(trip=3, rest_s=1, longest_s=4, now=hand)
    breaker.failed(retry_after=7)
    assert breaker.rest() == 7
    breaker.failed(retry_after=2)
    assert breaker.rest() == 7
    breaker.failed(retry_after=86_400)
    assert breaker.rest() == LONGEST_REST_S
