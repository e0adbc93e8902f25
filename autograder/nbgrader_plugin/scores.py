"""nbgrader's SaveAutoGrades with one commit a submission: all of its scores are in the gradebook, or none. Marks by hand are kept, and asked for again only
when what they were given for has changed."""

import functools
from contextlib import contextmanager
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Grade, Gradebook
from nbgrader.preprocessors import SaveAutoGrades

from .answers_before import Answers, answer_in, recall
from .marks_by_hand import below_words, counts_alone


class SaveScores(SaveAutoGrades):
    """nbgrader's own rules for scores and comments; it commits after each cell, which a power cut can split and a disk pays for 26 times."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        info = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = info["notebook"], info["assignment"], info["student"]
        self.before = recall(info["assignment"], info["student"])
        self.gradebook = gradebook_at(info["db_url"])
        with self.gradebook, one_commit(self.gradebook):
            for index, cell in enumerate(nb.cells):
                self.preprocess_cell(cell, resources, index)
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        enter_score(grade, cell, self.before)
        below = below_words(grade.manual_score, grade.auto_score, grade.needs_manual_grade, float(cell.metadata["nbgrader"]["points"]))
        if below:
            self.log.warning("%s, %s, %s: %s", self.student_id, self.assignment_id, name, below)
        self.gradebook.db.commit()


def enter_score(grade: Grade, cell: NotebookNode, before: Answers | None) -> None:
    """Enters what the grader gives for a cell. before: the answers of the last grading, None when they are not known.

    nbgrader's rule asks for each mark by hand again whenever a submission is graded. Here one is asked for again when it was given for another text (written
    questions) or instead of another score (the others).
    """
    automatic, _ = utils.determine_grade(cell)
    if counts_alone(grade.auto_score, grade.manual_score, grade.extra_credit):
        grade.manual_score = 0.0
    written = utils.is_solution(cell)
    same = before is not None and before.get(cell.metadata["nbgrader"]["grade_id"]) == answer_in(cell) if written else grade.auto_score == automatic
    marked = grade.manual_score is not None or bool(written and grade.extra_credit)
    if not (marked and same):
        grade.needs_manual_grade = grade.manual_score is not None or automatic is None
    grade.auto_score = automatic


@functools.cache
def gradebook_at(db_url: str) -> Gradebook:
    """One gradebook a process and database. It may be closed and used again: its SQL stays compiled, which is half of the work."""
    return Gradebook(db_url)


@contextmanager
def one_commit(gradebook: Gradebook):
    """Inside, nbgrader's many commits only flush; at the end everything is committed at once, or rolled back when something was raised."""
    session = gradebook.db
    commit = session.commit
    session.commit = session.flush
    try:
        yield
    except BaseException:
        session.commit = commit
        session.rollback()
        raise
    session.commit = commit
    session.commit()


@contextmanager
def one_flush(gradebook: Gradebook):
    """Inside `one_commit`: what nbgrader makes is sent to the database in the end, with the values that it has then, and not as soon as it is made."""
    session = gradebook.db
    commit = session.commit
    session.commit = lambda: None
    try:
        with session.no_autoflush:
            yield
    finally:
        session.commit = commit
    session.flush()
