"""What formgrader shows beside nbgrader's own page: the marking scheme at each written answer, what a question gives at most, formulas without a network.

formgrader loads this when it shows its first answer (as filters of its template). The scheme is read from `source/` at that moment and stands in no file that
students get: autograded notebooks and feedback are made without it.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nbgrader.api import Grade
from sqlalchemy import event

from ..grading.course import CourseError, find_root
from ..notebooks.master import Master, MasterError
from ..notebooks.written import marking_schemes, most_points
from .marks_by_hand import counts_alone


def scheme(resources: dict[str, Any], grade_id: str) -> str:
    """Model answer and marking scheme of a question, Markdown; "" when there is none."""
    try:
        root, master = _shown(resources)
        return marking_schemes(root / "source" / master.name / master.notebook).get(grade_id, "")
    except (OSError, ValueError, KeyError, CourseError, MasterError):
        return ""


def limits(resources: dict[str, Any]) -> dict[str, float]:
    """Extra credit at most, by grade id, of the assignment that is shown."""
    try:
        return most_points(_shown(resources)[1])
    except (OSError, ValueError, KeyError, CourseError, MasterError):
        return {}


def formulas(resources: dict[str, Any]) -> str:
    """Where the page gets MathJax from: the server itself, by jupyter_server_mathjax; from the network where that is not installed."""
    if find_spec("jupyter_server_mathjax") is None:
        return resources["mathjax_url"]
    return f"{resources['base_url']}/static/jupyter_server_mathjax/MathJax.js?config=TeX-AMS-MML_HTMLorMML-full,Safe"


def _shown(resources: dict[str, Any]) -> tuple[Path, Master]:
    """The course's folder and the assignment, read each time: the server runs on while authors build."""
    root = find_root(Path(resources["metadata"]["path"]))
    return root, Master.load(resources["assignment_id"], root / "release")


@event.listens_for(Grade, "before_update")
def _count_alone(_mapper: Any, _connection: Any, grade: Grade) -> None:
    """Extra credit counts when it is entered: nbgrader adds it to a score only, which a written answer does not have."""
    if counts_alone(grade.auto_score, grade.manual_score, grade.extra_credit):
        grade.manual_score, grade.needs_manual_grade = 0.0, False
