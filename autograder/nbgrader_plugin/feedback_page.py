"""The page that `nbgrader generate_feedback` writes, and what it was made from: a page whose marks, comments or notebook have changed is made anew.

nbgrader passes over every submission that has a page. So a page says in its first line which state of gradebook and notebook it shows; when the command begins,
pages of another state are removed, and nbgrader makes them.
"""

import hashlib
import json
import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbgrader.api import Assignment, Comment, Gradebook, SolutionCell, SubmittedAssignment, SubmittedNotebook
from nbgrader.converters.base import NbGraderException

from ..grading.course import CourseError
from ..judge.jobs import GraderFault
from ..notebooks.written import most_points
from .exporter import course_at
from .marks_by_hand import Entry, entries_of, opened
from .settle import Settler, settle_all

FOLDER = "feedback"
MADE_FROM = re.compile(r"<!-- made from ([0-9a-f]{64}) -->")


class FeedbackPage(HTMLExporter):
    """nbgrader's feedback page, on which a written question says `3 of 4, extra credit`."""

    def __init__(self, config: Any = None, **kw: Any):
        super().__init__(config=config, **kw)
        self._states: dict[tuple[str, str], _State] = {}
        if hasattr(self.parent, "coursedir"):
            try:
                self._find_stale_pages(self.parent)
            except (CourseError, GraderFault) as fault:
                self.log.error("%s", fault)
                raise NbGraderException(str(fault)) from fault

    def from_filename(self, filename: str, resources: dict | None = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        info = (resources or {}).get("nbgrader", {})
        state = self._states.get((info.get("assignment", ""), info.get("student", "")))
        if state is None:
            state = _State({}, [], [])
        info["written"] = {
            entry.cell: {"most": state.most[entry.cell], "marked": entry.manual is not None or entry.extra is not None or entry.automatic is not None}
            for entry in state.entries if entry.cell in state.most
        }  # fmt: skip
        page, resources = super().from_filename(filename, resources=resources, **kw)
        return f"<!-- made from {state.key(Path(filename))} -->\n{page}", resources

    def _find_stale_pages(self, converter: Any) -> None:
        course = course_at(Path(converter.coursedir.root))
        graded = [Path(folder) for folder in converter.assignments]
        names = sorted({folder.name for folder in graded})
        with opened(course, converter.coursedir.db_url) as gradebook:
            settler = Settler(course, gradebook, converter.coursedir.db_url, converter.config)
            for sentence in settle_all(settler, [name for name in names if name in course.masters]):
                self.log.warning("%s", sentence)
            for assignment in names:
                most = most_points(course.master(assignment)) if assignment in course.masters else {}
                self._states |= _states(gradebook, assignment, most)
        for folder in graded:
            student, assignment = folder.parts[-2:]
            state = self._states.get((assignment, student))
            target = Path(converter._format_dest(assignment, student))
            for notebook in folder.glob("*.ipynb"):
                page = target / f"{notebook.stem}{self.file_extension}"
                if state and page.is_file() and not target.is_symlink() and made_from(page) != state.key(notebook):
                    self.log.warning("The marks or comments on %s have changed; it is made anew", page)
                    shutil.rmtree(target)
                    break


class _State:
    """What the gradebook knows that a page shows. most: extra credit at most, by question."""

    def __init__(self, most: dict[str, float], entries: list[Entry], others: list[Any]):
        self.most, self.entries, self.others = most, entries, others

    def key(self, notebook: Path) -> str:
        """Of the page of one autograded notebook."""
        rows = [(entry.cell, entry.automatic, entry.manual, entry.extra, entry.most, self.most.get(entry.cell)) for entry in self.entries]
        known = hashlib.sha256(json.dumps([rows, self.others], default=str).encode())
        known.update(notebook.read_bytes())
        return known.hexdigest()


def _states(gradebook: Gradebook, assignment: str, most: dict[str, float]) -> dict[tuple[str, str], _State]:
    entries, others = defaultdict(list), defaultdict(list)
    for entry in entries_of(gradebook, assignment):
        entries[entry.student].append(entry)
    query = gradebook.db.query(SubmittedAssignment.student_id).join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    query = query.join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id).filter(Assignment.name == assignment)
    for student, *rest in query.add_columns(SubmittedNotebook.late_submission_penalty):
        others[student].append(rest)
    comments = query.join(Comment, Comment.notebook_id == SubmittedNotebook.id).join(SolutionCell, Comment.cell_id == SolutionCell.id)
    for student, *rest in comments.add_columns(SolutionCell.name, Comment.auto_comment, Comment.manual_comment).order_by(SolutionCell.name):
        others[student].append(rest)
    return {(assignment, student): _State(most, entries[student], others[student]) for student in others}


def made_from(page: Path) -> str | None:
    """The state that a page shows; None for a page that does not say."""
    with page.open(encoding="utf-8", errors="replace") as file:
        found = MADE_FROM.match(file.readline())
    return found[1] if found else None


def remove_page(root: Path, student: str, assignment: str) -> None:
    """Removes the pages of a submission that has been graded anew; `nbgrader generate_feedback` makes them."""
    folder = root / FOLDER / student / assignment
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
