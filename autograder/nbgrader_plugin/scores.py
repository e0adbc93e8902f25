"""nbgrader's SaveAutoGrades with one commit a submission: all of its scores are in the gradebook, or none."""

import functools
from contextlib import contextmanager
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades


class SaveScores(SaveAutoGrades):
    """nbgrader's own rules for scores and comments; it commits after each cell, which a power cut can split and a disk pays for 26 times."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        info = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = info["notebook"], info["assignment"], info["student"]
        self.gradebook = gradebook_at(info["db_url"])
        with self.gradebook, one_commit(self.gradebook):
            for index, cell in enumerate(nb.cells):
                self.preprocess_cell(cell, resources, index)
        return nb, resources


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
