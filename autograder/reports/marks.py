"""Marks of the class from nbgrader's gradebook: after late penalties, marks by hand included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..collecting.known_ids import numbers_of
from ..grading.special_cases import SpecialCases

if TYPE_CHECKING:  # reports can be made without nbgrader
    from nbgrader.api import Gradebook

ALL = "all"


@dataclass(frozen=True)
class Mark:
    """One student and assignment. raw: before the penalty; by_hand: whether a mark by hand is still missing. Times are UTC, ISO."""

    raw: float
    penalty: float
    timestamp: str = ""
    by_hand: bool = False

    @property
    def score(self) -> float:
        return max(0.0, self.raw - self.penalty)


@dataclass(frozen=True)
class StudentRecord:
    """What the gradebook knows of a student; lms_id is the learning platform's own number."""

    id: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    lms_id: str = ""


@dataclass
class ClassMarks:
    """assignments: name → (points to reach, due date). marks: by (assignment, student), only where something was handed in.

    excused: by (assignment, student), the exercises that do not count, or "all".
    """

    assignments: dict[str, tuple[float, str]] = field(default_factory=dict)
    students: list[StudentRecord] = field(default_factory=list)
    marks: dict[tuple[str, str], Mark] = field(default_factory=dict)
    excused: dict[tuple[str, str], str] = field(default_factory=dict)

    def is_excused(self, assignment: str, student: str) -> bool:
        """From the whole assignment: there is no mark that counts."""
        return self.excused.get((assignment, student)) == ALL

    def of(self, assignment: str, student: str) -> Mark | None:
        return self.marks.get((assignment, student))


def with_known_ids(students: list[StudentRecord], known: Mapping[str, Mapping[str, Any]], system: str) -> list[StudentRecord]:
    """Where the gradebook has nothing: names, email and the platform's number that `autograder collect` learned."""
    found = []
    for s in students:
        entry = known.get(s.id, {})
        has_name = s.last_name or s.first_name
        last_name, first_name = (s.last_name, s.first_name) if has_name else (entry.get("last_name", ""), entry.get("first_name", ""))
        found.append(StudentRecord(s.id, last_name, first_name, s.email or entry.get("email", ""), s.lms_id or numbers_of(entry).get(system, "")))
    return found


def load_marks(gradebook: Gradebook, assignments: list[str], cases: Mapping[str, SpecialCases]) -> ClassMarks:
    """Reads the gradebook; assignments that it does not know are left out. cases: by assignment."""
    found = ClassMarks()
    known = {assignment.name: assignment for assignment in gradebook.assignments}
    found.students = [StudentRecord(s.id, s.last_name or "", s.first_name or "", s.email or "", s.lms_user_id or "") for s in gradebook.students]
    for name in assignments:
        if name not in known:
            continue
        found.assignments[name] = (known[name].max_score, str(known[name].duedate or ""))
        for submission in gradebook.assignment_submissions(name):
            found.marks[name, submission.student.id] = Mark(
                submission.score, submission.late_submission_penalty or 0.0, str(submission.timestamp or ""), submission.needs_manual_grade
            )
        for student in found.students if name in cases else ():
            exercises = cases[name].excused_exercises(student.id)
            words = ALL if cases[name].excuse(student.id) else " ".join(sorted(exercises))
            if words:
                found.excused[name, student.id] = words
    return found
