"""Marks that people entered in formgrader, looked at before they are counted: a mark counts alone, and never more than its question says.

formgrader knows written questions as cells of 0 points: what is entered for one counts as extra credit, whether it stands in the field of the score or of the
extra credit. What the question gives at most stands in its text.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nbgrader.api import Assignment, Grade, Gradebook, GradeCell, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from ..grading.course import Course, CourseError
from ..judge.jobs import GraderFault
from ..notebooks.master import MasterError
from ..notebooks.written import most_points
from ..reports.feedback import points_words
from .gradebook import database_words, gradebook_exists, gradebook_url, nbgrader_config, open_gradebook, shown_url

NAMED = 3  # students named in one sentence


@dataclass(frozen=True)
class Entry:
    """One row of the gradebook's grades. most: points of the cell for nbgrader."""

    id: str
    student: str
    notebook: str
    cell: str
    automatic: float | None
    manual: float | None
    extra: float | None
    waiting: bool
    most: float

    @property
    def by_hand(self) -> float:
        return (self.manual or 0.0) + (self.extra or 0.0)


def entries_of(gradebook: Gradebook, assignment: str) -> list[Entry]:
    """All grades of an assignment."""
    query = (
        gradebook.db.query(
            Grade.id, SubmittedAssignment.student_id, Notebook.name, GradeCell.name,
            Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade, GradeCell.max_score,
        )
        .select_from(Grade)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(GradeCell, Grade.cell_id == GradeCell.id)
        .filter(Assignment.name == assignment)
        .order_by(SubmittedAssignment.student_id, GradeCell.name)
    )  # fmt: skip
    return [Entry(*row) for row in query]


def looked_at(course: Course, assignments: list[str], db_url: str = "") -> list[str]:
    """Looks at all marks by hand of the assignments, and sets right what cannot count. Returns a sentence for each that somebody has to look at.

    Raises GraderFault when the gradebook is not there, or cannot be read or written.
    """
    with opened(course, db_url) as gradebook:
        sentences = []
        for name in assignments:
            sentences += look_at(gradebook, course, name)
        return sentences


@contextmanager
def opened(course: Course, db_url: str = "") -> Iterator[Gradebook]:
    """The course's gradebook. What the database says is wrong becomes a GraderFault."""
    url = db_url or gradebook_url(nbgrader_config(course))
    if not gradebook_exists(url):
        raise GraderFault(f"there is no gradebook {shown_url(url)}: run `autograder build`")
    gradebook = open_gradebook(url, course.id)
    try:
        yield gradebook
    except DatabaseError as error:
        words = f"{database_words(error)}. Does another program hold it? Run the command again"
        raise GraderFault(f"the gradebook {shown_url(url)} cannot be read or written: {words}") from error
    finally:
        gradebook.close()


def look_at(gradebook: Gradebook, course: Course, assignment: str) -> list[str]:
    """One assignment of `looked_at`."""
    try:
        master = course.master(assignment)
    except (CourseError, MasterError):
        return []
    most = most_points(master)
    sentences, unknown = [], defaultdict(list)
    for entry in entries_of(gradebook, assignment):
        if entry.manual is None and entry.extra is None:
            continue
        if entry.cell not in master.by_id:
            unknown[entry.cell].append(entry.student)
            continue
        changes, why = _set_right(entry, most.get(entry.cell))
        if changes:
            gradebook.db.execute(update(Grade).where(Grade.id == entry.id).values(changes))
        where = f"{entry.student}, {assignment}, {entry.cell}"
        if why:
            sentences.append(f"{where}: {why}")
        elif below := below_words(entry.manual, entry.automatic, entry.waiting, entry.most):
            sentences.append(f"{where}: {below}")
    gradebook.db.commit()
    for cell, students in unknown.items():
        sentences.append(f"{assignment}, {cell}: marks of {_named(students)} count as entered, but release/{assignment} has no such question")
    return sentences


def _set_right(entry: Entry, question: float | None) -> tuple[dict[str, float | bool | None], str]:
    """What has to change in the gradebook, and why, in words. `question`: what the text of a written question says it gives at most."""
    bad = {name: value for name, value in (("manual_score", entry.manual), ("extra_credit", entry.extra)) if value is not None and not _is_mark(value)}
    if bad:
        words = " and ".join(str(value) for value in bad.values())
        return {**dict.fromkeys(bad), "needs_manual_grade": True}, f"{words} was entered, which is no mark; it does not count. Enter it again in formgrader"
    changes: dict[str, float | bool | None]
    if entry.most:  # extra credit on top of a cell with points is a gift without bounds
        total, changes = entry.manual or 0.0, {"manual_score": entry.most}
    else:
        total, changes = entry.by_hand, {"manual_score": question, "extra_credit": None}
    most = entry.most or question
    if most is not None and total > most + 1e-9:
        words = f"{points_words(total)} points were entered, where {points_words(most)} is the most; {points_words(most)} count until it is marked again"
        return {**changes, "needs_manual_grade": True}, words
    if counts_alone(entry.automatic, entry.manual, entry.extra):
        return {"manual_score": 0.0, "needs_manual_grade": False}, ""
    return {}, ""


def counts_alone(automatic: float | None, manual: float | None, extra: float | None) -> bool:
    """Whether there is extra credit that nbgrader would not count, because there is no score that it is added to."""
    return automatic is None and manual is None and extra is not None


def below_words(manual: float | None, automatic: float | None, waiting: bool, most: float) -> str:
    """The sentence on a mark by hand that was entered before the last grading, was not confirmed since and takes points that the grader now gives; else ""."""
    if not (most and waiting) or manual is None or automatic is None or automatic <= manual + 1e-9:
        return ""
    return (
        f"the mark by hand is {points_words(manual)}, the grader now gives {points_words(automatic)}; {points_words(manual)} count. "
        "In formgrader, confirm the mark (Resolve) or empty its field"
    )


def _is_mark(value: float) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and value >= 0


def _named(students: list[str]) -> str:
    more = len(students) - NAMED
    return ", ".join(students[:NAMED]) + (f" and {more} more" if more > 0 else "")
