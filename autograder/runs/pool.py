"""Several graders side by side on this machine: each thread drives one worker process; jobs are taken from one iterator as they are needed."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..grading.course import Course
from ..grading.grader import Grader
from ..judge.jobs import CellOutcome, GraderFault, Job
from ..judge.verdict import Verdict

OnVerdict = Callable[[Job, Verdict, list[CellOutcome]], None]
WAITING = 4  # verdicts a worker may be ahead of the one who takes them


class Pool:
    """`workers` graders. `judge` hands every job to one of them and calls back, in the calling thread, as each is done."""

    def __init__(self, course: Course, workers: int, kind: str | None = None, device: str | None = None, require: tuple[str, ...] = ()):
        if workers < 1:
            raise ValueError(f"{workers} workers; at least one is needed")
        self._graders = [Grader(course, kind, device, require=require) for _ in range(workers)]

    def __enter__(self) -> "Pool":
        for grader in self._graders:
            grader.start()
        return self

    def __exit__(self, *_exc: Any) -> None:
        for grader in self._graders:
            grader.close()

    def judge(self, jobs: Iterable[Job], on_verdict: OnVerdict, on_fault: Callable[[Job, Exception], None] | None = None) -> None:
        """Judges all jobs. A fault of the grader ends the run, unless `on_fault` takes it; an error of the iterator ends it always."""
        source = _Shared(iter(jobs))
        done: queue.Queue[tuple[Job | None, Any, Any]] = queue.Queue(WAITING * len(self._graders))
        threads = [threading.Thread(target=_drive, args=(grader, source, done), daemon=True) for grader in self._graders]
        for thread in threads:
            thread.start()
        running = len(threads)
        try:
            while running:
                job, verdict, outcomes = done.get()
                if job is None:
                    running -= 1
                    if verdict is not None:
                        raise verdict
                elif not isinstance(verdict, Exception):
                    on_verdict(job, verdict, outcomes)
                elif on_fault is not None:
                    on_fault(job, verdict)
                else:
                    raise verdict
        finally:
            source.close()
            while running:
                running -= done.get()[0] is None


class _Shared:
    """An iterator that several threads take from."""

    def __init__(self, jobs: Iterator[Job]):
        self._jobs, self._lock, self._closed = jobs, threading.Lock(), False

    def take(self) -> Job | None:
        with self._lock:
            return None if self._closed else next(self._jobs, None)

    def close(self) -> None:
        with self._lock:
            self._closed = True


def _drive(grader: Grader, source: _Shared, done: queue.Queue) -> None:
    """Puts (job, verdict or error, outcomes) for each job, and in the end (None, None or an error of the iterator, None)."""
    ahead: list[Job | Exception | None] = []

    def take_one() -> None:
        """The next job is made ready while the worker is at the last one."""
        if not ahead:
            try:
                ahead.append(source.take())
            except Exception as error:
                ahead.append(error)

    end: Exception | None = None
    try:
        take_one()
        while isinstance(job := ahead.pop(), Job):
            try:
                verdict, outcomes = grader.grade(job, take_one)
                done.put((job, verdict, outcomes))
            except Exception as error:
                fault = error if isinstance(error, GraderFault) else GraderFault(f"{type(error).__name__}: {error}")
                done.put((job, fault, None))
            take_one()
        end = job
    finally:
        done.put((None, end, None))
