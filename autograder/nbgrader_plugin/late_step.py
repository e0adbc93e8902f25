"""`nbgrader autograde` and what the course says: the same rules as in `autograder grade-class`, when the run begins and as the last step of each submission."""

import logging
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.converters import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor

from ..grading.course import Course, CourseError, load_course
from ..judge.jobs import GraderFault
from ..notebooks.master import MasterError
from .gradebook import open_gradebook
from .scores import gradebook_at, one_commit
from .settle import Settler, read_stamp, settle_all

_settlers: dict[tuple[Path, str], Settler] = {}  # of the run that this process is in


def begin(course: Course, autograde: Any) -> None:
    """What holds for all is brought into the gradebook, also when nbgrader will then pass over each submission. Time stamps are read as the kit reads them.

    Raises NbGraderException, which ends the command with status 1.
    """
    directory, names = autograde.coursedir, sorted({Path(folder).name for folder in autograde.assignments})
    directory.get_existing_timestamp = lambda folder: _stamp(course, Path(folder), autograde.log)
    try:
        gradebook = open_gradebook(directory.db_url, course.id)
        settler = _settlers[course.root, directory.db_url] = Settler(course, gradebook, directory.db_url, autograde.config)
        with gradebook:
            sentences = settle_all(settler, names)
    except (CourseError, MasterError, GraderFault) as error:
        autograde.log.error("%s", error)
        raise NbGraderException(str(error)) from error
    for sentence in sentences:
        autograde.log.warning("%s", sentence)


def _stamp(course: Course, folder: Path, log: logging.Logger) -> Any:
    """nbgrader asks for that of the submission and that of its copy; what is odd is said of the former."""
    stamp = read_stamp(course, folder.name, folder, folder.parent.name)
    if stamp.words and folder.parent.parent.name == "submitted":
        log.warning("%s", stamp.words)
    return stamp.utc


class LateStep(NbGraderPreprocessor):
    """Stands where nbgrader assigns late penalties, and uses its plugins."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        info = resources["nbgrader"]
        settler = _settler(info["assignment"], info["db_url"], self.config)
        with settler.gradebook, one_commit(settler.gradebook):
            settler.submission(settler.gradebook.find_submission(info["assignment"], info["student"]))
        return nb, resources


def _settler(assignment: str, url: str, config: Any) -> Settler:
    """That of the run; without the kit's exporter none has begun."""
    key = (Path.cwd().resolve(), url)
    if key not in _settlers:
        _settlers[key] = Settler(load_course(key[0]), gradebook_at(url), url, config)
        with _settlers[key].gradebook:
            _settlers[key].enter(assignment)
    return _settlers[key]
