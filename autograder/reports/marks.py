"""Marks of the class from nbgrader's gradebook: after late penalties, marks by hand included."""

from dataclasses import dataclass, field
from pathlib import Path


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
    """assignments: name → (points to reach, due date). marks: by (assignment, student), only where something was handed in."""

    assignments: dict[str, tuple[float, str]] = field(default_factory=dict)
    students: list[StudentRecord] = field(default_factory=list)
    marks: dict[tuple[str, str], Mark] = field(default_factory=dict)

    def of(self, assignment: str, student: str) -> Mark | None:
        return self.marks.get((assignment, student))


def load_marks(root: Path, course_id: str, assignments: list[str]) -> ClassMarks:
    """Reads gradebook.db; assignments that it does not know are left out."""
    from nbgrader.api import Gradebook

    found = ClassMarks()
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", course_id) as gradebook:
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
    return found
