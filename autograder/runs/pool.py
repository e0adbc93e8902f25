"""Several graders side by side on this machine: each thread drives one worker process; jobs are taken from one queue."""

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any

from ..grading.course import Course
from ..grading.grader import Grader
from ..judge.jobs import CellOutcome, GraderFault, Job
from ..judge.verdict import Verdict

OnVerdict = Callable[[Job, Verdict, list[CellOutcome]], None]


class Pool:
    """`workers` graders. `judge` hands every job to one of them and calls back, in the calling thread, as each is done."""

    def __init__(self, course: Course, workers: int, kind: str | None = None, device: str | None = None):
        if workers < 1:
            raise ValueError(f"{workers} workers; at least one is needed")
        self._graders = [Grader(course, kind, device) for _ in range(workers)]

    def __enter__(self) -> "Pool":
        for grader in self._graders:
            grader.start()
        return self

    def __exit__(self, *_exc: Any) -> None:
        for grader in self._graders:
            grader.close()

    def judge(self, jobs: Iterable[Job], on_verdict: OnVerdict, on_fault: Callable[[Job, Exception], None] | None = None) -> None:
        """Judges all jobs. A fault of the grader ends the run, unless `on_fault` takes it."""
        todo: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[Job | None, Any, Any]] = queue.SimpleQueue()
        stop = threading.Event()
        for job in jobs:
            todo.put(job)
        for _ in self._graders:
            todo.put(None)
        threads = [threading.Thread(target=_drive, args=(grader, todo, done, stop), daemon=True) for grader in self._graders]
        for thread in threads:
            thread.start()
        running = len(threads)
        try:
            while running:
                job, verdict, outcomes = done.get()
                if job is None:
                    running -= 1
                elif isinstance(verdict, Exception):
                    if on_fault is None:
                        raise verdict
                    on_fault(job, verdict)
                else:
                    on_verdict(job, verdict, outcomes)
        finally:
            stop.set()


def _drive(grader: Grader, todo: queue.SimpleQueue, done: queue.SimpleQueue, stop: threading.Event) -> None:
    while not stop.is_set():
        job = todo.get()
        if job is None:
            break
        try:
            verdict, outcomes = grader.grade(job)
            done.put((job, verdict, outcomes))
        except (GraderFault, OSError) as error:
            done.put((job, error if isinstance(error, GraderFault) else GraderFault(str(error)), None))
        except Exception as error:
            done.put((job, GraderFault(f"{type(error).__name__}: {error}"), None))
    done.put((None, None, None))
