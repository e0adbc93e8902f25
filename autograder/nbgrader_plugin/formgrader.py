"""What formgrader shows beside nbgrader's own page: the marking scheme at each written answer, and what a question gives at most.

formgrader loads this when it shows its first answer (as filters of its template). The scheme is read from `source/` at that moment and stands in no file that
students get: autograded notebooks and feedback are made without it.
"""

from pathlib import Path
from typing import Any

from nbgrader.api import Grade
from sqlalchemy import event

from ..grading.course import Course, CourseError, find_root
from ..notebooks.master import MasterError
from ..notebooks.written import marking_schemes, most_points
from .exporter import course_at
from .marks_by_hand import counts_alone


def scheme(resources: dict[str, Any], grade_id: str) -> str:
    """Model answer and marking scheme of a question, Markdown; "" when there is none."""
    try:
        course, assignment = _place(resources)
        return marking_schemes(course.root / "source" / assignment / course.master(assignment).notebook).get(grade_id, "")
    except (OSError, ValueError, KeyError, CourseError, MasterError):
        return ""


def limits(resources: dict[str, Any]) -> dict[str, float]:
    """Extra credit at most, by grade id, of the assignment that is shown."""
    try:
        course, assignment = _place(resources)
        return most_points(course.master(assignment))
    except (CourseError, MasterError):
        return {}


def _place(resources: dict[str, Any]) -> tuple[Course, str]:
    return course_at(find_root(Path(resources["metadata"]["path"]))), resources["assignment_id"]


@event.listens_for(Grade, "before_update")
def _count_alone(_mapper: Any, _connection: Any, grade: Grade) -> None:
    """Extra credit counts when it is entered: nbgrader adds it to a score only, which a written answer does not have."""
    if counts_alone(grade.auto_score, grade.manual_score, grade.extra_credit):
        grade.manual_score, grade.needs_manual_grade = 0.0, False
