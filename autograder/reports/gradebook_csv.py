"""Gradebooks as learning platforms import them, and nbgrader's own columns. All through `safe_csv`.

Canvas, "Import grades into the Gradebook": columns Student, ID, SIS User ID, SIS Login ID, Section, then one an assignment; a second row `Points Possible`.
Canvas finds a student by ID, else by SIS User ID, else by SIS Login ID, else by name. Moodle, "Grade import": any columns; the one who imports maps
them, a student being found by email address, ID number or username. Both leave a mark alone whose cell is empty; EX excuses a student in Canvas.
"""

from collections.abc import Mapping

from .marks import ClassMarks, StudentRecord
from .safe_csv import Cell, csv_text

NBGRADER_COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
EXCUSED_IN_CANVAS = "EX"
MOODLE_COLUMNS = ("First name", "Last name", "ID number", "Email address")


def nbgrader_csv(marks: ClassMarks) -> str:
    """The columns and rows of `nbgrader export`: who has handed in nothing has 0.

    Where somebody is excused a last column says from which exercises; who is excused from all has neither score nor points to reach.
    """
    rows: list[list[Cell]] = []
    some = bool(marks.excused)
    for assignment, (most, due) in marks.assignments.items():
        for s in marks.students:
            mark = marks.of(assignment, s.id)
            numbers: tuple[Cell, ...] = (mark.raw, mark.penalty, mark.score, most) if mark else (0.0, 0.0, 0.0, most)
            if marks.is_excused(assignment, s.id):
                numbers = (None,) * len(numbers)
            about = (assignment, due, mark.timestamp if mark else "", s.id, s.last_name, s.first_name, s.email)
            rows.append([*about, *numbers, *([marks.excused.get((assignment, s.id))] if some else [])])
    return csv_text([*NBGRADER_COLUMNS, *(["excused"] if some else [])], rows)


def canvas_csv(marks: ClassMarks, titles: Mapping[str, str], student_id: str = "login") -> str:
    """titles: what the assignments are called in Canvas. student_id: whether the gradebook's ids are Canvas's "login" or "sis" ids."""
    header = [*CANVAS_COLUMNS, *(titles[name] for name in marks.assignments)]
    rows: list[list[Cell]] = [["Points Possible", "", "", "", "", *(most for most, _ in marks.assignments.values())]]
    for s in marks.students:
        ids = [s.lms_id, s.id if student_id == "sis" else "", s.id if student_id == "login" else "", ""]
        rows.append([_sortable_name(s), *ids, *_scores(marks, s, EXCUSED_IN_CANVAS)])
    return csv_text(header, rows)


def moodle_csv(marks: ClassMarks, titles: Mapping[str, str]) -> str:
    """The student's id stands under "ID number"."""
    header = [*MOODLE_COLUMNS, *(titles[name] for name in marks.assignments)]
    return csv_text(header, [[s.first_name, s.last_name, s.id, s.email, *_scores(marks, s)] for s in marks.students])


def _scores(marks: ClassMarks, student: StudentRecord, excused: Cell = None) -> list[Cell]:
    found = [(assignment, marks.of(assignment, student.id)) for assignment in marks.assignments]
    return [excused if marks.is_excused(assignment, student.id) else round(mark.score, 2) if mark else None for assignment, mark in found]


def _sortable_name(student: StudentRecord) -> str:
    return ", ".join(part for part in (student.last_name, student.first_name) if part) or student.id
