"""Work that a program repeats in a thread of its own."""

import time
from threading import Event

from app.processes.repeating import repeated


def test_the_end_waits_for_work_that_has_begun() -> None:
    begun, done = Event(), Event()

    def work() -> None:
        begun.set()
        time.sleep(0.2)
        done.set()

    with repeated(work, 0.01, "slow"):
        assert begun.wait(10)
    assert done.is_set()


def test_the_end_does_not_wait_longer_for_work_that_never_ends() -> None:
    begun, released, ended = Event(), Event(), Event()

    def work() -> None:
        begun.set()
        released.wait(20)
        ended.set()

    with repeated(work, 0.01, "stuck", longest_end=0.1):
        assert begun.wait(10)
    assert not ended.is_set()
    released.set()
