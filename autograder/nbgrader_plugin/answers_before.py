"""Written answers as they were when a submission was last graded, which is what the person who marked them has seen: the autograded notebook holds them.

`nbgrader autograde` removes that notebook before it comes to the new one, so what will be graded again is read when the command begins.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..notebooks.master import source_of

Answers = dict[str, str]

_before: dict[tuple[str, str], Answers] = {}


def answer_in(cell: Mapping[str, Any]) -> str:
    """An answer with its pictures, as text that can be compared."""
    return json.dumps([source_of(cell), cell.get("attachments") or {}], sort_keys=True)


def answers_of(notebook: Path) -> Answers | None:
    """The answers of an autograded notebook, by grade id. None when there is none, or none that can be read."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        records = [(cell["metadata"].get("nbgrader", {}), cell) for cell in cells]
        return {record["grade_id"]: answer_in(cell) for record, cell in records if record.get("grade") and record.get("solution")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remember(autograde: Any) -> None:
    """Reads the answers of all submissions that this run of nbgrader's Autograde may grade again. For its beginning."""
    _before.clear()
    for submitted in autograde.assignments:
        student, assignment = Path(submitted).parts[-2:]
        for notebook in Path(autograde._format_dest(assignment, student)).glob("*.ipynb"):
            answers = answers_of(notebook)
            if answers is not None:
                _before.setdefault((assignment, student), {}).update(answers)


def recall(assignment: str, student: str) -> Answers | None:
    return _before.get((assignment, student))
