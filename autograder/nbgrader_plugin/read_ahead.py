"""Judges ahead of nbgrader: while it files one submission, the next ones are judged already, on all cores.

nbgrader goes through submissions one by one. When it opens one, the exporter hands the following ones in (it knows nbgrader's list); when the
hidden grader's turn comes, the verdict waits or is under way. What was judged is what the exporter read: file and verdict cannot drift apart.
"""

import atexit
import gc
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ..grading.course import Course
from ..grading.grader import Grader
from ..judge.jobs import BrokenGrader, CellOutcome, Job
from ..judge.verdict import Verdict

Judged = tuple[Verdict, list[CellOutcome]]


@dataclass
class Pending:
    """One submission that was read: its job and the verdict to come."""

    job: Job
    verdict: "Future[Judged]"


class ReadAhead:
    """A few graders and the submissions they were given. One instance a course and process."""

    def __init__(self, course: Course, workers: int = 0):
        self.course = course
        self.workers = workers or os.cpu_count() or 1
        self._pending: dict[tuple[str, str], Pending] = {}
        self._broken: dict[str, BrokenGrader] = {}
        self._local = threading.local()
        self._graders: list[Grader] = []
        self._executor = ThreadPoolExecutor(self.workers, thread_name_prefix="judge")

    @property
    def depth(self) -> int:
        """How many submissions may wait at once."""
        return 2 * self.workers

    def room(self) -> bool:
        return len(self._pending) < self.depth

    def has(self, assignment: str, student: str) -> bool:
        return (assignment, student) in self._pending

    def give(self, student: str, job: Job) -> Pending:
        """Hands a submission in. Returns at once."""
        pending = self._pending[job.assignment, student] = Pending(job, self._executor.submit(self._judge, job))
        return pending

    def look(self, assignment: str, student: str) -> Pending | None:
        return self._pending.get((assignment, student))

    def take(self, assignment: str, student: str) -> Pending | None:
        """The submission, if it was handed in; it is forgotten here."""
        return self._pending.pop((assignment, student), None)

    def forget(self, assignment: str) -> None:
        """Lets go of what was handed in for an assignment whose grader is broken. After it was mended, it can be handed in again."""
        for key in [key for key in self._pending if key[0] == assignment]:
            self._pending.pop(key).verdict.cancel()
        self._broken.pop(assignment, None)

    def _judge(self, job: Job) -> Judged:
        grader = getattr(self._local, "grader", None)
        if grader is None:
            grader = self._local.grader = Grader(self.course)
            self._graders.append(grader)
        if job.assignment in self._broken:  # what waits behind it need not find the same again
            raise self._broken[job.assignment]
        try:
            return grader.grade(job)
        except BrokenGrader as error:
            self._broken[job.assignment] = error
            raise

    def close(self) -> None:
        for pending in self._pending.values():
            pending.verdict.cancel()
        for grader in self._graders:
            grader.close()
        self._executor.shutdown(wait=False, cancel_futures=True)


_by_root: dict[Path, ReadAhead] = {}


def read_ahead_at(course: Course) -> ReadAhead:
    """The one of this process for a course."""
    if course.root not in _by_root:
        gc.collect()
        gc.freeze()  # nbgrader and its libraries stay: collections between submissions need not look at them
        _by_root[course.root] = ReadAhead(course)
        # Before the interpreter waits for threads: they wait for workers that end only when they are told.
        threading._register_atexit(_by_root[course.root].close) if hasattr(threading, "_register_atexit") else atexit.register(_by_root[course.root].close)
    return _by_root[course.root]
