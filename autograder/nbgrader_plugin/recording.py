"""Writes a verdict where `nbgrader autograde` would: the autograded notebook, and in the gradebook scores, comments and late penalty.

One submission is one transaction and one renamed folder: a reader sees all of it or nothing. The rules for scores and comments are nbgrader's own functions.
"""

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties, LimitOutput
from sqlalchemy.exc import OperationalError
from traitlets.config import Config

from ..grading.course import Course
from ..judge.jobs import CellOutcome, GraderFault, Job
from ..judge.verdict import Verdict
from ..notebooks.assemble import assemble
from .hidden_grader import put_verdict
from .scores import one_commit
from .verdicts import save_verdict

READ_ONLY = 0o444
TRIES, PAUSE_SECONDS = 20, 0.5


class Recorder:
    """The one writer of a run. Raises GraderFault when the gradebook stays locked or the disk is full."""

    def __init__(self, course: Course):
        self.course = course
        self.gradebook = Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", course.id)
        config = Config()
        course.configure(config)
        self._late = AssignLatePenalties(config=config)
        self._late.init_plugin()
        self._limit = LimitOutput(config=config)
        self._released: dict[str, dict[str, Any]] = {}

    def close(self) -> None:
        self.gradebook.close()

    def record(self, student: str, job: Job, verdict: Verdict, outcomes: list[CellOutcome]) -> None:
        """Writes one submission."""
        notebook = self._notebook(job, verdict, outcomes)
        try:
            self._in_the_gradebook(student, job.assignment, notebook)
            self._on_disk(student, job, notebook)
            save_verdict(self.course.root, job.assignment, student, verdict)
        except OSError as error:
            raise GraderFault(f"{student}: cannot write the result: {error.strerror or error}") from error

    def _notebook(self, job: Job, verdict: Verdict, outcomes: list[CellOutcome]) -> Any:
        master = self.course.master(job.assignment)
        if job.assignment not in self._released:
            path = self.course.root / "release" / job.assignment / master.notebook
            self._released[job.assignment] = json.loads(path.read_text(encoding="utf-8"))
        notebook = nbformat.from_dict(assemble(self._released[job.assignment], job.plan, job.unreadable))
        put_verdict(notebook, verdict, job, outcomes)
        notebook.metadata.pop("autograder", None)
        return self._limit.preprocess(notebook, {})[0]

    # -- the gradebook --------------------------------------------------------------------------------------------------

    def _in_the_gradebook(self, student: str, assignment: str, notebook: Any) -> None:
        for attempt in range(TRIES):
            try:
                with one_commit(self.gradebook):
                    self._enter(student, assignment, notebook)
                return
            except OperationalError as error:
                self.gradebook.db.rollback()
                if "locked" not in str(error) or attempt == TRIES - 1:
                    raise GraderFault(f"{student}: the gradebook cannot be written: {error.orig}") from error
                time.sleep(PAUSE_SECONDS)

    def _enter(self, student: str, assignment: str, notebook: Any) -> None:
        gradebook, stem = self.gradebook, Path(self.course.master(assignment).notebook).stem
        gradebook.update_or_create_student(student)
        stamp = timestamp_of(self.course.root / "submitted" / student / assignment)
        gradebook.update_or_create_submission(assignment, student, **({"timestamp": stamp} if stamp else {}))
        entry = gradebook.find_submission_notebook(stem, assignment, student)
        cells = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id")}
        for grade in entry.grades:
            auto_score, _ = utils.determine_grade(cells[grade.name])
            grade.auto_score = auto_score
            grade.needs_manual_grade = grade.manual_score is not None or auto_score is None
        for comment in entry.comments:
            cell = cells[comment.name]
            unanswered = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)
            comment.auto_comment = "No response." if unanswered else None
        gradebook.db.flush()
        self._penalise(student, assignment, entry)

    def _penalise(self, student: str, assignment: str, entry: Any) -> None:
        late = self.gradebook.find_submission(assignment, student).total_seconds_late
        entry.late_submission_penalty = None
        if late > 0:
            penalty = self._late.plugin_inst.late_submission_penalty(student, entry.score, late)
            if penalty is not None:
                entry.late_submission_penalty = self._late._check_late_penalty(entry, penalty)

    # -- the files ------------------------------------------------------------------------------------------------------

    def _on_disk(self, student: str, job: Job, notebook: Any) -> None:
        root = self.course.root
        target = root / "autograded" / student / job.assignment
        part = target.with_name(f".{job.assignment}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        files = {name: data for name, data in _files_of(root / "submitted" / student / job.assignment).items() if not name.endswith(".ipynb")}
        files |= self.course.master(job.assignment).files
        files[self.course.master(job.assignment).notebook] = nbformat.writes(notebook).encode() + b"\n"
        for name, data in files.items():
            (part / name).write_bytes(data)
            (part / name).chmod(READ_ONLY)
        if target.exists():
            old = target.with_name(f".{job.assignment}.old")
            shutil.rmtree(old, ignore_errors=True)
            os.rename(target, old)
            os.rename(part, target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.rename(part, target)


def timestamp_of(folder: Path) -> str | None:
    """What timestamp.txt says, None when there is none or it is no regular file."""
    path = folder / "timestamp.txt"
    if path.is_symlink() or not path.is_file():
        return None
    text = path.read_text(encoding="utf-8", errors="replace").strip()[:60]
    try:
        utils.parse_utc(text)
    except (ValueError, OverflowError):
        return None
    return text or None


def _files_of(folder: Path) -> dict[str, bytes]:
    """Regular files beside the notebook; links are not followed, large files are left where they are."""
    files = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 5 << 20:
            files[path.name] = path.read_bytes()
    return files
