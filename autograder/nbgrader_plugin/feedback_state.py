"""What the gradebook and the verdict know of a submission that its feedback page shows, and the key by which a page of another state is known."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Comment, Gradebook, SolutionCell, Student, SubmittedAssignment, SubmittedNotebook

from ..collecting.known_ids import known_students
from ..grading.course import Course
from ..notebooks.written import most_points
from ..runs.verdicts import verdict_path
from .formulas import library_version
from .marks_by_hand import Entry, entries_of

HERE = Path(__file__).parent
MAKERS = (
    *sorted((HERE / "templates" / "feedback_page").iterdir()), HERE / "feedback_page.py", HERE / "feedback_parts.py", HERE / "formulas.py",
    HERE.parent / "reports" / "feedback_summary.py",
)  # fmt: skip


@dataclass
class State:
    """One submission. title: of course and assignment; most: extra credit at most, by question; others: rows of the gradebook that only the key is made of.
    Times are UTC without zone."""

    title: str = ""
    name: str = ""
    handed_in: datetime | None = None
    due: datetime | None = None
    extension: timedelta | None = None
    penalty: float = 0.0
    most: dict[str, float] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    others: list[Any] = field(default_factory=list)
    verdict: Path = Path()

    def key(self, notebook: Path) -> str:
        """Of the page of one autograded notebook."""
        rows = [(entry.cell, entry.automatic, entry.manual, entry.extra, entry.most, self.most.get(entry.cell)) for entry in self.entries]
        about = [self.title, self.name, self.handed_in, self.due, self.extension, self.penalty]
        known = hashlib.sha256(json.dumps([rows, about, self.others, library_version()], default=str).encode())
        for part in (_look_of_a_page(), _bytes_of(self.verdict), notebook.read_bytes()):
            known.update(hashlib.sha256(part).digest())
        return known.hexdigest()


def states_of(gradebook: Gradebook, course: Course, assignment: str) -> dict[str, State]:
    """By student."""
    most = most_points(course.master(assignment)) if assignment in course.masters else {}
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries_of(gradebook, assignment):
        entries[entry.student].append(entry)
    known = known_students(course.root)
    states: dict[str, State] = {}
    title = f"{course.title}: {course.assignment(assignment).title}" if assignment in course.names else assignment
    for student, first, last, handed_in, extension, due, penalty in _submissions(gradebook, assignment):
        entry_of = known.get(student, {})
        names = (first, last) if first or last else (entry_of.get("first_name"), entry_of.get("last_name"))
        name = " ".join(str(part).strip() for part in names if part)
        verdict = verdict_path(course.root, assignment, student)
        states[student] = State(title, name or student, handed_in, due, extension, penalty or 0.0, most, entries[student], [], verdict)
    for student, *rest in _comments(gradebook, assignment):
        states[student].others.append(rest)
    return states


def _submissions(gradebook: Gradebook, assignment: str) -> Iterator[Any]:
    query = gradebook.db.query(
        SubmittedAssignment.student_id, Student.first_name, Student.last_name,
        SubmittedAssignment.timestamp, SubmittedAssignment.extension, Assignment.duedate, SubmittedNotebook.late_submission_penalty,
    )  # fmt: skip
    query = query.select_from(SubmittedAssignment).join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    query = query.join(Student, Student.id == SubmittedAssignment.student_id)
    yield from query.join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id).filter(Assignment.name == assignment)


def _comments(gradebook: Gradebook, assignment: str) -> Iterator[Any]:
    query = gradebook.db.query(SubmittedAssignment.student_id, SolutionCell.name, Comment.auto_comment, Comment.manual_comment)
    query = query.select_from(SubmittedAssignment).join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    query = query.join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
    query = query.join(Comment, Comment.notebook_id == SubmittedNotebook.id).join(SolutionCell, Comment.cell_id == SolutionCell.id)
    yield from query.filter(Assignment.name == assignment).order_by(SubmittedAssignment.student_id, SolutionCell.name)


@cache
def _look_of_a_page() -> bytes:
    """Of another version of the kit all pages are made anew."""
    return b"".join(map(_bytes_of, MAKERS))


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
