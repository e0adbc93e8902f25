"""A sample class: notebooks as students hand them in, made from the release and the answers in tests/submissions.

`class.toml`, one table a student:

    [odd-but-right]
    softmax = "right/softmax__two_steps.py"     # an answer file
    accuracy = "blank"                          # left as handed out
    "*" = "blank"                               # all that is not named; else the reference
"""

import ast
import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

from ..grading.course import Course
from ..notebooks.master import MasterError
from ..notebooks.reference import Answer, reference_cells

BLANK = "blank"
MARKERS = re.compile(r"^[ \t]*#+ (?:BEGIN|END) SOLUTION[ \t]*\n?|^\*\*Model answer\.\*\* ", re.MULTILINE)
SCHEME = re.compile(r"^(?:\*\*)?Marking\b.*", re.DOTALL | re.MULTILINE)  # stands last in a model answer
NEVER_ENDING = "never-ending"
TELLING = ("perfect", "odd-but-right", "blank", "crashing", NEVER_ENDING)
MOST_TELLING = 7


def sample_class(assignment: str, root: Path) -> dict[str, dict[str, str]]:
    """Students and what each did. Raises MasterError for a table that names what is not there."""
    folder = root / "tests" / "submissions" / assignment
    students = tomllib.loads((folder / "class.toml").read_text(encoding="utf-8"))
    for student, table in students.items():
        for exercise, what in table.items():
            if what != BLANK and not (folder / what).is_file():
                raise MasterError(f"{assignment}/class.toml: {student}.{exercise} names {what}, which is not there")
    return students


def notebook_of(assignment: str, root: Path, answers: dict[str, str], release: Path) -> dict[str, Any]:
    """The release notebook with solutions filled in: from answer files, else the reference, else left blank."""
    document = json.loads(release.read_text(encoding="utf-8"))
    reference = {cell.grade_id: cell.source for cell in reference_cells(assignment, root) if cell.grade_id}
    folder = root / "tests" / "submissions" / assignment
    for cell in document["cells"]:
        record = cell["metadata"].get("nbgrader", {})
        if not record.get("solution"):
            continue
        what = answers.get(record["grade_id"], answers.get("*", ""))
        if what == BLANK:
            continue
        cell["source"] = _as_written(Answer.load(folder / what).source) if what else _as_answered(reference[record["grade_id"]], cell["cell_type"])
    return document


def _as_written(source: str) -> str:
    """An answer without the docstring that says what is wrong about it."""
    first = ast.parse(source).body[0]
    return "\n".join(source.splitlines()[first.end_lineno :]).strip("\n")


def _as_answered(source: str, cell_type: str) -> str:
    """The author's answer as a student would write it: without the markers around it, and a written one without its marking scheme."""
    answer = MARKERS.sub("", source)
    return (SCHEME.sub("", answer) if cell_type == "markdown" else answer).strip("\n")


def samples(assignments: list[str], root: Path) -> dict[str, list[str]]:
    """Some students of each assignment's sample class: the telling ones for the first two that have those; else the first two beside the perfect one, of
    whom one is right in another way and one has mistakes."""
    chosen: dict[str, list[str]] = {}
    waited_for = 0  # assignments in which somebody's code never ends
    for assignment in assignments:
        everyone = list(sample_class(assignment, root))
        if waited_for < 2 and set(TELLING) <= set(everyone):
            waited_for += 1
            chosen[assignment] = [*TELLING, *(name for name in everyone if name not in TELLING)][:MOST_TELLING]
        else:
            chosen[assignment] = everyone[1:3]
    return chosen


def hand_in(course: Course, root: Path, assignment: str, names: list[str] | None = None) -> list[str]:
    """Fills submitted/<student>/<assignment>/ for the sample class, or those named of it. Returns the students."""
    release = next((course.root / "release" / assignment).glob("[!.]*.ipynb"))
    everyone = sample_class(assignment, root)
    students = {name: everyone[name] for name in names or everyone}
    for student, answers in students.items():
        folder = course.root / "submitted" / student / assignment
        folder.mkdir(parents=True, exist_ok=True)
        document = notebook_of(assignment, root, answers, release)
        (folder / release.name).write_text(json.dumps(document, indent=1), encoding="utf-8")
        for extra in release.parent.iterdir():
            if extra.is_file() and extra.suffix != ".ipynb":
                shutil.copy(extra, folder / extra.name)
    return list(students)
