"""The feedback pages of a class: what `nbgrader generate_feedback` does, for several assignments, with a word on each page as it is done."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from ..grading.course import Course, CourseError
from ..judge.jobs import GraderFault
from .feedback_files import FOLDER, elsewhere
from .gradebook import nbgrader_config

_LONGEST = 200  # characters of an error


@dataclass
class Tally:
    """How a run went. pages: by assignment and student; failed: (student, assignment, sentence); notes: what the instructor should know."""

    made: int = 0
    unchanged: int = 0
    pages: dict[str, dict[str, Path]] = field(default_factory=dict)
    failed: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def graded_submissions(course: Course, assignment: str) -> list[str]:
    """Students of whom an autograded notebook is there."""
    notebook = course.master(assignment).notebook
    return sorted(path.parent.parent.name for path in (course.root / "autograded").glob(f"[!.]*/{assignment}/{notebook}"))


def make_pages(course: Course, assignments: list[str], everything: bool = False, step: Callable[[], None] = lambda: None) -> Tally:
    """Makes the pages that are missing or show another state than that of gradebook, verdict and notebook (`everything`: all). `step` is called after each
    submission. Raises CourseError when the configuration is at fault, GraderFault when the gradebook cannot be read."""
    tally = Tally()
    for name in assignments:
        if graded_submissions(course, name):
            _make(course, name, everything, step, tally)
    return tally


def _make(course: Course, assignment: str, everything: bool, step: Callable[[], None], tally: Tally) -> None:
    config = nbgrader_config(course)
    directory = CourseDirectory(config=config)
    directory.assignment_id, directory.student_id = assignment, "*"
    converter = _Converter(coursedir=directory, config=config, log=_silent(), course=course, step=step, tally=tally)
    converter.force = everything
    try:
        converter.start()
    except NbGraderException as error:
        if isinstance(error.__cause__, CourseError | GraderFault):
            raise error.__cause__ from None
        if not converter.has_failed:
            raise GraderFault(f"feedback on {assignment} could not be made: {_one_line(error)}") from error
    finally:
        if converter.exporter is not None:
            tally.notes += getattr(converter.exporter, "notes", [])


class _Converter(GenerateFeedback):
    """nbgrader's, which tells what became of each page."""

    exporter: Any = None

    def __init__(self, course: Course, step: Callable[[], None], tally: Tally, **kw: Any):
        super().__init__(**kw)
        self.course, self.step, self.tally, self.has_failed = course, step, tally, False

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        part = elsewhere(self.course.root, student_id, assignment_id)
        if part is not None:
            self._fail(student_id, assignment_id, f"{part} is a link or a file: take it away")
            return False
        if super().init_destination(assignment_id, student_id):
            return True
        self.tally.unchanged += 1
        self._done(student_id, assignment_id)
        return False

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        with self._telling(student_id, assignment_id):
            super().init_assignment(assignment_id, student_id)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        student, assignment = Path(notebook_filename).parts[-3:-1]
        with self._telling(student, assignment):
            super().convert_single_notebook(notebook_filename)
        self.tally.made += 1
        self._done(student, assignment)

    @contextmanager
    def _telling(self, student: str, assignment: str) -> Iterator[None]:
        """nbgrader goes on with the next submission after an error."""
        try:
            yield
        except OSError as error:
            self._fail(student, assignment, f"{FOLDER}/ cannot be written: {error.strerror or error}")
            raise
        except Exception as error:
            self._fail(student, assignment, _one_line(error))
            raise

    def _done(self, student: str, assignment: str) -> None:
        page = Path(self._format_dest(assignment, student)) / f"{Path(self.course.master(assignment).notebook).stem}.html"
        self.tally.pages.setdefault(assignment, {})[student] = page
        self.step()

    def _fail(self, student: str, assignment: str, sentence: str) -> None:
        self.has_failed = True
        self.tally.failed.append((student, assignment, sentence))
        self.step()


def _silent() -> logging.Logger:
    """What nbgrader logs of its steps and of errors, tracebacks and all, is said here in other words."""
    logger = logging.getLogger("autograder.feedback")
    logger.handlers, logger.propagate = [logging.NullHandler()], False
    return logger


def _one_line(error: BaseException) -> str:
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return words if len(words) <= _LONGEST else words[:_LONGEST] + " …"
