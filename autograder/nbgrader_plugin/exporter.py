"""Reads submissions for nbgrader: any file a student may send becomes a sound notebook on the master's cells."""

import glob
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter

from ..grading.course import Course, CourseError, load_course
from ..judge.jobs import Job
from ..notebooks.assemble import assemble
from ..notebooks.hand_in import NoNotebook, read_hand_in
from ..notebooks.master import MasterError
from .answers_before import remember
from .late_step import begin
from .read_ahead import Pending, read_ahead_at
from .unfinished import sweep

_courses: dict[Path, Course] = {}


def course_at(root: Path) -> Course:
    """The course in a folder, loaded once a process."""
    root = root.resolve()
    if root not in _courses:
        _courses[root] = load_course(root)
    return _courses[root]


def read_job(course: Course, assignment: str, folder: Path) -> Job:
    """The job for a submission's folder; what cannot be read becomes a job whose verdict says so. Raises ValueError for an unknown assignment."""
    try:
        master = course.master(assignment)
    except MasterError as error:
        raise ValueError(str(error)) from None
    try:
        found = read_hand_in(folder, master, course.masters)
    except NoNotebook as error:
        return Job(master.name, master.notebook, master.exercises, unreadable=str(error))
    return Job(master.name, master.notebook, master.exercises, found.plan, unreadable=found.unreadable)


class SubmissionExporter(NotebookExporter):
    """nbgrader's notebook exporter, except that what lies in `submitted/` is read by this kit's reader, and judged ahead."""

    def __init__(self, **kw: Any):
        super().__init__(**kw)
        if self.parent is not None and hasattr(self.parent, "coursedir"):
            for folder in sweep(Path(self.parent.coursedir.root)):
                self.log.warning("%s was begun and not finished; it is graded again", folder)
            self._add_folders()
            remember(self.parent)
            begin(course_at(Path(self.parent.coursedir.root)), self.parent)

    def _add_folders(self) -> None:
        """nbgrader passes over folders without *.ipynb; those that hold the notebook in another form are graded."""
        converter: Any = self.parent
        if getattr(converter, "_sanitizing", None) is None:
            return
        pattern = converter._format_source(converter.coursedir.assignment_id, converter.coursedir.student_id)
        for folder in sorted(set(glob.glob(pattern)) - converter.assignments.keys()):
            path = Path(folder)
            try:
                master = course_at(Path(converter.coursedir.root)).master(path.name)
                read_hand_in(path, master, {})
            except (NoNotebook, CourseError, MasterError) as error:
                self.log.warning("%s is not graded: %s", folder, error)
            else:
                converter.assignments[folder] = [str(path / master.notebook)]

    def from_filename(self, filename: str, resources: dict | None = None, **kw: Any):
        info = (resources or {}).get("nbgrader", {})
        if "submitted" not in Path(filename).parts or not info:
            return super().from_filename(filename, resources=resources, **kw)
        course = course_at(Path.cwd())
        job = self._hand_in(course, info["assignment"], info["student"], Path(filename).parent).job
        self._hand_in_the_next(course, Path(filename))
        for sentence in [job.unreadable] if job.plan is None else job.plan.notes:
            self.log.warning("%s: %s", info["student"], sentence)
        master = course.master(job.assignment)
        released = json.loads((course.root / "release" / master.name / master.notebook).read_text(encoding="utf-8"))
        notebook = nbformat.from_dict(assemble(released, job.plan, job.unreadable))
        resources = self._init_resources(resources)
        resources["metadata"]["name"] = Path(filename).stem
        resources["assembled"] = True
        return self.from_notebook_node(notebook, resources=resources, **kw)

    def _hand_in(self, course: Course, assignment: str, student: str, folder: Path) -> Pending:
        ahead = read_ahead_at(course)
        return ahead.look(assignment, student) or ahead.give(student, read_job(course, assignment, folder))

    def _hand_in_the_next(self, course: Course, current: Path) -> None:
        ahead = read_ahead_at(course)
        for assignment, student, folder in self._following(current):
            if not ahead.room():
                return
            if not ahead.has(assignment, student):
                ahead.give(student, read_job(course, assignment, folder))

    def _following(self, current: Path) -> Iterator[tuple[str, str, Path]]:
        """The submissions that nbgrader will come to, in its order: those after this one that are not graded yet."""
        converter: Any = self.parent
        folders = sorted(getattr(converter, "assignments", {}))
        for folder in folders:
            path = Path(folder)
            if path <= current.parent:
                continue
            student, assignment = path.parent.name, path.name
            graded = Path(converter._format_dest(assignment, student), current.name).exists()
            if converter.force or not graded:
                yield assignment, student, path
