"""`Grader`: gives notebooks to a worker and returns verdicts. What every way in (command line, nbgrader, classes, CI) uses."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import Self

from ..judge.jobs import BrokenGrader, CellOutcome, GraderFault, Job, Settings
from ..judge.verdict import Verdict
from ..notebooks.hand_in import HandIn, read_one
from ..notebooks.master import Master
from ..notebooks.reader import Unreadable, make_plan
from .course import Course
from .serving import Loan, borrow

GRACE_SECONDS = 60.0


class Grader:
    """One worker process, started when first needed. Not for use from several threads at once.

    kind: "bwrap" or "none"; device: "cpu" or "cuda"; require: layers of the sandbox without which nothing is run. borrow: whether a worker that
    `autograder serve` keeps will do. Raises GraderFault when the grader itself cannot work, BrokenGrader when that is so for every submission of an assignment.
    """

    def __init__(self, course: Course, kind: str | None = None, device: str | None = None, graders: Path | None = None, require: tuple[str, ...] = (),
                 borrow: bool = False):  # fmt: skip
        self.course, self.kind, self.device = course, kind or course.sandbox, device or course.device
        self.require, self.borrow = require, borrow
        self.graders = graders or course.root / "autograder" / "graders"
        if not self.graders.is_dir():
            self.graders = Path(__file__).resolve().parents[1] / "graders"
        self._process: subprocess.Popen | None = None
        self._connection: Connection | None = None
        self._loan: Loan | None = None
        self._asking = False  # whether a verdict is awaited
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Starts the worker without waiting for it."""
        if self._loan is not None or (self._process is not None and self._process.poll() is None):
            return
        if self.borrow:
            self._loan = borrow(self.course.root, self.graders, self.start_with)
            self.borrow = False  # once: what a borrowed worker could not do is done by one's own
        if self._loan is not None:
            self._connection = self._loan.connection
            return
        ours, theirs = Pipe()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(_search_path())}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.grading.worker", str(theirs.fileno())], pass_fds=[theirs.fileno()], env=environment,
            stdin=subprocess.DEVNULL, cwd=self.course.root,
        )  # fmt: skip
        theirs.close()
        self._connection = ours
        ours.send(self.start_with)

    @property
    def start_with(self) -> tuple:
        """What a worker is told at its start."""
        return self.kind, self.device, self.require

    def started(self) -> Connection:
        """The connection of the worker, for who lends it."""
        self.start()
        assert self._connection is not None
        return self._connection

    def close(self) -> None:
        """Ends the worker and its sandbox, or gives it back."""
        if self._loan is not None:
            (self._loan.drop if self._asking else self._loan.give_back)()
            self._loan = self._connection = None
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            try:
                self._process.wait(timeout=3)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._connection = None

    def grade_file(self, path: Path, assignment: str, found: HandIn | None = None) -> Verdict:
        """Grades one notebook file, or an archive with one in it; `found` is what was read of it already."""
        return self.grade(self.job_for(path, assignment, found))[0]

    def job_for(self, path: Path, assignment: str, found: HandIn | None = None) -> Job:
        """The job for a notebook file; one that cannot be read becomes a job whose verdict says so."""
        master = self.course.master(assignment)
        found = found or read_one(path, master, self.course.masters)
        return Job(master.name, path.name, master.exercises, found.plan, unreadable=found.unreadable)

    def job_of(self, master: Master, data: bytes, name: str) -> Job:
        """The job for a notebook's bytes."""
        try:
            plan = make_plan(master, data, name, self.course.masters)
        except Unreadable as error:
            return Job(master.name, name, master.exercises, unreadable=str(error))
        return Job(master.name, name, master.exercises, plan)

    def grade(self, job: Job, meanwhile: Callable[[], None] = lambda: None) -> tuple[Verdict, list[CellOutcome]]:
        """Judges one job. Starts the worker anew and tries once more when it died. `meanwhile` is called when the worker has the job. Raises GraderFault."""
        limits = self.course.limits_of(job.assignment)
        settings = Settings(self.course.id, self.device, limits)
        for attempt in (1, 2):
            self.start()
            try:
                return self._ask(job, settings, meanwhile)
            except (EOFError, ConnectionError, BrokenPipeError):
                self._stop_now()
                if attempt == 2:
                    raise GraderFault("the judge died twice on the same submission") from None
            except BrokenGrader:
                self.close()  # the next one sees what was mended
                raise
            except GraderFault:
                if attempt == 2 or self._is_running():
                    raise
                self._stop_now()
        raise AssertionError

    def _ask(self, job: Job, settings: Settings, meanwhile: Callable[[], None]) -> tuple[Verdict, list[CellOutcome]]:
        assert self._connection is not None
        self._asking = True
        self._connection.send((replace(job, tag=None), settings, self.graders))  # the worker need not be able to load what the caller's tag is made of
        meanwhile()
        patience = settings.limits.submission_seconds * 2 + GRACE_SECONDS
        if not self._connection.poll(patience):
            self._stop_now()
            raise GraderFault(f"the judge gave no verdict within {patience:g} s")
        kind, verdict, detail = self._connection.recv()
        self._asking = False
        if kind == "broken":
            raise BrokenGrader(detail)
        if kind == "fault":
            raise GraderFault(detail)
        return verdict, detail

    def _is_running(self) -> bool:
        """Whether the worker stays: a fault of its sandbox ends it, and a new one is worth a try."""
        try:
            return self._process is not None and self._process.wait(timeout=1) is None
        except subprocess.TimeoutExpired:
            return True

    def end(self) -> None:
        """Ends the worker, whatever it is at."""
        self._stop_now()

    def _stop_now(self) -> None:
        if self._loan is not None:
            self._loan.drop()
            self._loan = self._connection = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None


def _search_path() -> list[str]:
    kit = str(Path(__file__).resolve().parents[2])
    return [kit, *(path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != kit)]
