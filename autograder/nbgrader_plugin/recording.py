"""Writes a verdict where `nbgrader autograde` would: the autograded notebook, and in the gradebook scores, comments and late penalty.

One submission is one transaction and one renamed folder: a reader sees all of it or nothing. The rules for scores, comments, files and permissions are
nbgrader's own functions, and the settings are those that the course gives nbgrader.
"""

import copy
import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import MissingEntry, Student, SubmittedAssignment
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import LimitOutput

from ..grading.course import Course, CourseError
from ..judge.jobs import CellOutcome, GraderFault, Job
from ..judge.verdict import Verdict
from ..notebooks.assemble import assemble
from ..runs.verdicts import FOLDER as VERDICTS
from ..runs.verdicts import save_verdict, verdict_path
from .answers_before import answers_of
from .feedback_files import remove_page
from .gradebook import gradebook_url, nbgrader_config, open_gradebook, patiently
from .hidden_grader import put_verdict
from .master_cells import CHAIN
from .notebook_text import notebook_text
from .scores import enter_score, one_commit, one_flush
from .settle import Settler, read_stamp


class Recorder:
    """The one writer of a run. An assignment that the gradebook does not know is entered from its release.

    Raises CourseError when gradebook and release disagree or the configuration is at fault, GraderFault when the gradebook stays locked or the disk is full.
    """

    def __init__(self, course: Course, assignments: list[str]):
        self.course = course
        self._config = nbgrader_config(course)
        self._directory = CourseDirectory(config=self._config)
        self._autograde = Autograde(coursedir=self._directory, config=self._config)
        self._limit = LimitOutput(config=self._config)
        self._released: dict[str, tuple[dict[str, Any], bool]] = {}
        self._known: dict[str, set[str]] = {}
        self._cells: dict[str, dict[str, str]] = {}  # their names by their ids in the gradebook
        self._url = gradebook_url(self._config)
        self.gradebook = open_gradebook(self._url, course.id)
        try:
            self.settler = Settler(course, self.gradebook, self._url, self._config)
            for name in assignments:
                self.settler.enter(name)
                self._released[name] = self._release(name)
                self._known[name] = self._students(name)
                self._cells[name] = {cell.id: cell.name for cell in self._graded_cells(name)}
        except BaseException:
            self.close()
            raise
        _sweep(course.root / VERDICTS)

    def close(self) -> None:
        self.gradebook.close()

    def has(self, student: str, assignment: str) -> bool:
        """Whether gradebook (when the run began), autograded notebook and verdict are there. May be called from any thread."""
        notebook = self._target(student, assignment) / self.course.master(assignment).notebook
        return student in self._known[assignment] and notebook.is_file() and verdict_path(self.course.root, assignment, student).is_file()

    def record(self, student: str, job: Job, verdict: Verdict, outcomes: list[CellOutcome]) -> None:
        """Writes one submission."""
        notebook = self._notebook(student, job, verdict, outcomes)
        try:
            self._in_the_gradebook(student, job.assignment, notebook)
            remove_page(self.course.root, student, job.assignment)
            self._on_disk(student, job, notebook)
            save_verdict(self.course.root, job.assignment, student, verdict)
        except OSError as error:
            raise GraderFault(f"{student}: cannot write the result: {error.strerror or error}") from error

    def _target(self, student: str, assignment: str) -> Path:
        return self.course.root / "autograded" / student / assignment

    def _stem(self, assignment: str) -> str:
        return Path(self.course.master(assignment).notebook).stem

    def _students(self, assignment: str) -> set[str]:
        query = self.gradebook.db.query(Student.id).join(SubmittedAssignment, SubmittedAssignment.student_id == Student.id)
        return {row[0] for row in query.filter(SubmittedAssignment.assignment.has(name=assignment))}

    def _graded_cells(self, assignment: str) -> Iterator[Any]:
        notebook = self.gradebook.find_notebook(self._stem(assignment), assignment)
        yield from (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells)

    # -- the notebook ---------------------------------------------------------------------------------------------------

    def _notebook(self, student: str, job: Job, verdict: Verdict, outcomes: list[CellOutcome]) -> NotebookNode:
        released, agrees = self._released[job.assignment]
        notebook = nbformat.from_dict(assemble(released, job.plan, job.unreadable))
        if not agrees:
            notebook = self._sanitized(notebook, job.assignment, student)
        put_verdict(notebook, verdict, job, outcomes)
        notebook.metadata.pop("autograder", None)
        return self._limit.preprocess(notebook, {})[0]

    def _release(self, assignment: str) -> tuple[dict[str, Any], bool]:
        """The release notebook, and whether the gradebook knows it as it is. Where they differ, the gradebook counts, as it does for nbgrader."""
        path = self.course.root / "release" / assignment / self.course.master(assignment).notebook
        released = json.loads(path.read_text(encoding="utf-8"))
        before = nbformat.from_dict(assemble(released, None))
        try:
            self.gradebook.find_notebook(path.stem, assignment)
            return released, self._sanitized(copy.deepcopy(before), assignment, "") == before
        except MissingEntry:
            raise CourseError(f"the gradebook knows no assignment {assignment!r}: run `autograder build {assignment}`") from None
        except RuntimeError as error:  # nbgrader's word for points or locked cells that differ
            raise CourseError(f"the gradebook and release/{assignment} disagree ({error}): run `autograder build {assignment}`") from None

    def _sanitized(self, notebook: NotebookNode, assignment: str, student: str) -> NotebookNode:
        info = {"assignment": assignment, "student": student, "notebook": self._stem(assignment), "db_url": self._url}
        for step in CHAIN:
            notebook, _ = step(config=self._config)(notebook, {"nbgrader": info})
        return notebook

    # -- the gradebook --------------------------------------------------------------------------------------------------

    def _in_the_gradebook(self, student: str, assignment: str, notebook: NotebookNode) -> None:
        def write() -> None:
            del self.settler.changes[kept:]
            with one_commit(self.gradebook):
                self._enter(student, assignment, notebook)

        kept = len(self.settler.changes)
        patiently(self.gradebook, student, write)

    def _enter(self, student: str, assignment: str, notebook: NotebookNode) -> None:
        gradebook = self.gradebook
        gradebook.update_or_create_student(student)
        stamp = read_stamp(self.course, assignment, self.course.root / "submitted" / student / assignment, student).utc
        by_name = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id")}
        cells = {id_of_cell: by_name[name] for id_of_cell, name in self._cells[assignment].items() if name in by_name}
        with one_flush(gradebook):
            submission = gradebook.update_or_create_submission(assignment, student, **({"timestamp": stamp} if stamp else {}))
            before = self.settler.marks_of(submission)
            entry = next(entry for entry in submission.notebooks if entry.notebook.name == self._stem(assignment))
            answers = answers_of(self._target(student, assignment) / self.course.master(assignment).notebook)
            for grade in entry.grades:
                if grade.cell_id in cells and utils.is_grade(cells[grade.cell_id]):
                    enter_score(grade, cells[grade.cell_id], answers)
            for comment in entry.comments:
                if comment.cell_id in cells:
                    cell = cells[comment.cell_id]
                    unanswered = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)
                    comment.auto_comment = "No response." if unanswered else None
        self.settler.submission(submission, before)

    # -- the files ------------------------------------------------------------------------------------------------------

    def _on_disk(self, student: str, job: Job, notebook: NotebookNode) -> None:
        """Beside the student's files the course's own, which count where both have one."""
        root, name = self.course.root, job.assignment
        target = self._target(student, name)
        part, old = _beside(target)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        kept = {str(Path(root, "source", name, file)) for file in self._autograde.exclude_overwriting.get(name, [])}
        for folder in (root / "submitted" / student / name, root / "source" / name):
            for path in self._files_of(folder):
                if str(path) not in kept:
                    _copy(path, part / path.relative_to(folder))
        file = part / self.course.master(name).notebook
        file.unlink(missing_ok=True)
        file.write_text(notebook_text(notebook) + "\n", encoding="utf-8")
        self._set_permissions(part)
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            os.rename(target, old)
        os.rename(part, target)
        shutil.rmtree(old, ignore_errors=True)

    def tidy(self, assignment: str) -> None:
        """Removes what a killed run was writing when it died. For the run that holds the assignment's journal: no other is writing then."""
        for student in (self.course.root / "autograded").glob("*/"):
            target = student / assignment
            part, old = _beside(target)
            if old.is_dir() and not target.exists():  # killed between two renames
                os.rename(old, target)
            shutil.rmtree(part, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)

    def _files_of(self, folder: Path) -> Iterator[Path]:
        """What nbgrader copies, less what is no regular file: links are not followed, pipes not waited for."""
        for name in sorted(utils.find_all_files(str(folder), [*self._directory.ignore, "*.ipynb"])):
            path = Path(name)
            if stat.S_ISREG(path.lstat().st_mode):
                yield path

    def _set_permissions(self, folder: Path) -> None:
        mode = int(str(self._autograde.permissions), 8)
        for directory, _, names in os.walk(folder):
            for name in names:
                os.chmod(os.path.join(directory, name), mode)
            if self._directory.groupshared:
                os.chmod(directory, (os.stat(directory).st_mode | 0o2770) & 0o2777)


def _beside(target: Path) -> tuple[Path, Path]:
    """Where a folder is made before it takes its place, and where the one before it goes meanwhile."""
    return target.with_name(f".{target.name}.part"), target.with_name(f".{target.name}.old")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target, follow_symlinks=False)


def _sweep(folder: Path) -> None:
    """Removes verdicts that a killed process left half written: <student>.<process>.part."""
    for path in folder.glob("*/*.part"):
        if not Path("/proc", path.suffixes[-2].removeprefix(".") if len(path.suffixes) > 1 else "").exists():
            path.unlink(missing_ok=True)
