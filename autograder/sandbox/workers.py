"""The threads that start while a record of operations is kept: each keeps a record of its own, with modes of its own, which are added when a call ends.

A thread that goes on after the call cannot be looked into any more: whether its modes are still on is seen when it ends. A worker of a pool that waits for
work does nothing.
"""

import _thread
import concurrent.futures.thread
import multiprocessing.pool
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from . import modes

# Taken now, before any student code runs: what a student patches later is not used here.
_frames, _thread_id, _sleep, _clock = sys._current_frames, _thread.get_ident, time.sleep, time.monotonic
_any, _all = any, all
_pool_worker: Any = vars(multiprocessing.pool)["worker"]
_WAITING = {concurrent.futures.thread._worker.__code__, _pool_worker.__code__} | {
    function.__code__
    for cls in (multiprocessing.pool.Pool, multiprocessing.pool.ThreadPool)
    for name, method in vars(cls).items()
    if name.startswith(("_handle_", "_wait_for_")) and (function := getattr(method, "__func__", method))
}
GRACE_SECONDS = 0.25  # a thread that has done its work needs a moment to end

_workers: list["Worker"] = []


class Worker:
    """One thread that runs `function`. `students`: whether it may do a student's work; others are of a library that has reasons of its own."""

    def __init__(self, function: Callable, students: bool):
        self.function, self.students, self.ended, self.whole = function, students, False, True
        self.seen: Counter = Counter()
        self._added: Counter = Counter()
        self._thread = 0  # none yet

    def run(self, *args: Any, **kwargs: Any) -> Any:
        self._thread = _thread_id()
        operators, _ = modes.begin(self.seen)
        try:
            return self.function(*args, **kwargs)
        finally:
            self.whole = _all([modes.is_seen(operators), modes.end(), modes.count_of(self.seen) == operators.calls])
            self.ended = True

    def is_at_work(self) -> bool:
        """Whether it may do something yet: a worker of a pool that waits does not."""
        if self.ended or not self.students:
            return False
        frame = _frames().get(self._thread)
        return frame is None or frame.f_code not in _WAITING

    def take(self) -> Counter:
        """What has been counted since the last time."""
        seen = Counter(self.seen)
        new, self._added = seen - self._added, seen
        return new


def with_record(start: Callable, students: bool, *args: Any, **kwargs: Any) -> Any:
    """Calls `start`, one of Python's functions that start a thread, so that the thread keeps a record."""
    function, *rest = args or (kwargs.pop("function", None),)
    if not callable(function):
        return start(function, *rest, **kwargs)
    worker = Worker(function, students)
    _workers.append(worker)
    try:
        return start(worker.run, *rest, **kwargs)
    except BaseException:
        _workers.remove(worker)
        raise


def collect(seen: Counter) -> tuple[bool, bool]:
    """Adds to `seen` what the threads have counted. Returns whether all of it is whole, and whether a thread goes on."""
    ends = _clock() + GRACE_SECONDS
    while (at_work := _any(worker.is_at_work() for worker in _workers)) and _clock() < ends:
        _sleep(0.0005)
    for worker in _workers:
        seen.update(worker.take())
    whole = _all(worker.whole for worker in _workers)
    _workers[:] = [worker for worker in _workers if not worker.ended]
    return whole, at_work
